"""How a refusal must look, and that nothing was written: one function per outcome of the access table."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.judging.likeness import difference
from coursegate.harness.verdicts import Kind, Problem

# What asks for credentials, as it stands after "expected".
LOGIN_WORDS = "401 (403 only without a challenge)"


def hidden(evidence: Evidence) -> Iterator[Problem]:
    """404, and nothing in it that the answer for an id that never existed does not also say."""
    yield from _as_missing(evidence, {404})


def unknown(evidence: Evidence) -> Iterator[Problem]:
    """400, 404 or 422 for an id in the body, and nothing in it that an id that never existed would not get too."""
    yield from _as_missing(evidence, {400, 404, 422})


def _as_missing(evidence: Evidence, statuses: set[int]) -> Iterator[Problem]:
    answer, control = evidence.answer, evidence.control
    if answer.status not in statuses:
        expected = " or ".join(map(str, sorted(statuses)))
        yield evidence.form(f"expected {expected}, as for an id that never existed, saw {answer.summary}")
    elif _is_secret(evidence) and (
        control is None
        or (differs := difference(answer, control, evidence.requested, evidence.control_again))
    ):
        where = f": {differs}" if control else ""
        yield Problem(
            Kind.LEAK,
            f"its {answer.status} differs from the answer for an id that never existed{where}",
            f"{evidence.cell.operation}: a hidden id can be told from a missing one",
        )
    yield from _untouched(evidence)


def _is_secret(evidence: Evidence) -> bool:
    """Whether the caller must not learn that the subject exists; to others a 404 may say more: that they are not enrolled."""
    subject = evidence.world.contract.objects.get(evidence.subject)
    return subject is None or evidence.cell.principal not in subject.exists


def denied(evidence: Evidence) -> Iterator[Problem]:
    """403 for want of permission, as a JSON object that says so; nothing written.

    402 or 503 too, where the operation says that a payment is what it wants, or that it may be out of service.
    """
    others = {"402": " or 402 for a payment", "503": " or 503 while out of service"}
    said = [status for status in others if status in evidence.operation.statuses]
    given = str(evidence.answer.status)
    words = ",".join(["403", *(others[status] for status in said)])
    yield from _refusal(evidence, int(given) if given in said else 403, words)
    if evidence.answer.status == 403 and "csrf" in evidence.answer.text.lower():
        yield evidence.form("refused by the CSRF check, not for want of permission")


def login(evidence: Evidence) -> Iterator[Problem]:
    """401; 403 only where the backend offers no challenge. Nothing written."""
    unchallenged = evidence.answer.status == 403 and not evidence.answer.header("WWW-Authenticate")
    yield from _refusal(evidence, 403 if unchallenged else 401, LOGIN_WORDS)


def invalid(evidence: Evidence) -> Iterator[Problem]:
    """400 or 422 with errors by field; nothing written."""
    body = evidence.answer.json
    if evidence.answer.status not in {400, 422}:
        yield evidence.form(f"expected 400 or 422, saw {evidence.answer.summary}")
    elif not body or not isinstance(body, (dict, list)):
        yield evidence.form("expected errors by field, saw none")
    yield from _untouched(evidence)


def conflict(evidence: Evidence) -> Iterator[Problem]:
    """409 with a reason; nothing written."""
    yield from _refusal(evidence, 409, "409")


def absent(evidence: Evidence) -> Iterator[Problem]:
    """405 or 404."""
    if evidence.answer.status not in {404, 405}:
        yield evidence.form(f"expected 405 or 404, saw {evidence.answer.summary}")
    yield from _untouched(evidence)


def _refusal(evidence: Evidence, status: int, words: str) -> Iterator[Problem]:
    """A refusal with that status; `words` name all that would have been right."""
    body = evidence.answer.json
    if evidence.answer.status != status:
        yield evidence.form(f"expected {words}, saw {evidence.answer.summary}")
    elif not isinstance(body, dict) or not {"detail", "error"} & body.keys():
        yield evidence.form(f"expected a JSON object with `detail` or `error`, saw {evidence.answer.summary}")
    yield from _untouched(evidence)


def _untouched(evidence: Evidence) -> Iterator[Problem]:
    """A refused write leaves every row as it was, but for declared counters."""
    columns = changed(evidence.before, evidence.after)
    if evidence.added:
        yield Problem(
            Kind.EFFECT,
            f"{evidence.cell.principal} must be refused, but made {len(evidence.added)} {evidence.operation.creates}",
            f"{evidence.cell.operation} makes rows for callers it must refuse",
        )
    if columns:
        sent = evidence.write_token and evidence.write_token in repr(evidence.after)
        stored = " (it holds the canary that was sent)" if sent else ""
        what = f"changed {', '.join(sorted(columns))} of {evidence.subject}{stored}"
        if evidence.before and not evidence.after:
            what = f"changed {evidence.subject}: its row is gone, and must stay"
        yield Problem(
            Kind.EFFECT,
            f"{evidence.cell.principal} {what}",
            f"{evidence.cell.operation} writes for callers it must refuse",
        )
    elsewhere = {
        what
        for what in evidence.declassified.undeclared(evidence.answer.writes)
        if what in evidence.touched or what.rpartition(".")[0] in evidence.touched
    }
    for what in sorted(elsewhere) if not columns and not evidence.added else ():
        yield Problem(
            Kind.EFFECT,
            f"{evidence.cell.principal} must be refused, but {what} was written",
            f"{evidence.cell.operation} writes {what} for callers it must refuse",
        )
