"""What each outcome of the access table demands of an answer. One function per outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.openapi import GONE, Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.client import rows_of
from coursegate.harness.observation import Answer, Exchange
from coursegate.harness.verdicts import Kind, Problem
from coursegate.harness.world import World


@dataclass(frozen=True)
class Evidence:
    """Everything one asking of a cell brought to light.

    Attributes:
        pages: the answer, and for lists all further pages.
        control: for what must be hidden, the answer for an id that never existed.
        requested: the id asked for, and that of the control.
        before, after: the subject's row around a write; empty for reads.
        added: the rows that a write added to the model that the operation creates.
        write_token: what a write tried to store; "" where its body has no place for one.
    """

    cell: Cell
    operation: Operation
    world: World
    pages: list[Exchange]
    control: Answer | None = None
    requested: tuple[str, str] = ("", "")
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    added: tuple[dict[str, Any], ...] = ()
    write_token: str = ""

    @property
    def answer(self) -> Answer:
        return self.pages[0].answer

    def form(self, text: str) -> Problem:
        cause = f"{self.cell.operation} {self.cell.expected}: {text}"
        return Problem(Kind.FORM, text, _without_names(cause, self.world, self.cell))


def full(evidence: Evidence) -> Iterator[Problem]:
    """200, the subject itself, every promised field that opens for the caller, and counts that agree."""
    body = evidence.answer.json
    if evidence.answer.status != 200 or not isinstance(body, dict):
        yield evidence.form(f"expected the whole {evidence.operation.model}, saw {evidence.answer.summary}")
        return
    cell, world = evidence.cell, evidence.world
    if cell.subject not in world.contract.objects:
        return
    yield from _identity(evidence, body)
    item = world.contract.objects[cell.subject]
    for name, token in world.planted[cell.subject].items():
        promised = name in item.promised and name in evidence.operation.answer_fields
        if (
            promised
            and cell.principal in item.clearance[name]
            and token[:11] not in str(body.get(name, "")).lower()
        ):
            state = "not what is stored" if body.get(name) else "empty" if name in body else "missing"
            yield evidence.form(f"the field {name} opens for the caller, but is {state}")
    yield from _counts(evidence, body)


def _identity(evidence: Evidence, body: dict[str, Any]) -> Iterator[Problem]:
    """The answer names its subject by id, or by the attribute it was asked for with."""
    cell, operation, world = evidence.cell, evidence.operation, evidence.world
    if "id" in operation.answer_fields:
        if body.get("id") != world.ids[cell.subject]:
            yield evidence.form(f"the answer is not about {cell.subject}: its id is {body.get('id')!r}")
    elif operation.attribute in operation.answer_fields:
        wanted = world.lookups[cell.subject].get(operation.attribute)
        if body.get(operation.attribute) != wanted:
            yield evidence.form(
                f"the answer is not about {cell.subject}: it names {body.get(operation.attribute)!r}"
            )


def _counts(evidence: Evidence, body: dict[str, Any]) -> Iterator[Problem]:
    cell, world = evidence.cell, evidence.world
    for key, count in world.contract.counts.get(evidence.operation.model, {}).items():
        most = world.counted(count.of, cell.subject, cell.principal)
        least = most if count.exact else min(most, world.counted(count.of, cell.subject, GUEST))
        seen = body.get(key)
        if isinstance(seen, int) and not least <= seen <= most:
            kind = Kind.LEAK if seen > most else Kind.FORM
            expected = str(most) if count.exact else f"{least} to {most}"
            yield Problem(
                kind,
                f"{key} is {seen}, but {expected} {count.of} open for {cell.principal}",
                f"{cell.operation} counts {'more' if seen > most else 'less'} in {key} than opens for the caller",
            )


def locked(evidence: Evidence) -> Iterator[Problem]:
    """A teaser or a refusal; that it carries nothing protected is judged for every answer anyway."""
    answer, teasers = evidence.answer, {200, 402, 403, 404}
    allowed = teasers | {401} if evidence.cell.principal == GUEST else teasers
    if answer.status not in allowed:
        yield evidence.form(f"expected a teaser or a refusal, saw {answer.summary}")
    elif not isinstance(answer.json, dict):
        yield evidence.form(f"expected a JSON object, saw {answer.summary}")


def filtered(evidence: Evidence) -> Iterator[Problem]:
    """200 and exactly the rows that open for the caller, each once, over all pages; the count says the same."""
    rows: list[Any] = []
    for page in evidence.pages:
        found = rows_of(page.answer, evidence.operation.rows_at) if page.answer.status == 200 else None
        if found is None:
            yield evidence.form(f"expected a list, saw {page.answer.summary}")
            return
        rows += found
    yield from _exact_rows(evidence, rows)
    total = evidence.answer.json.get("count") if isinstance(evidence.answer.json, dict) else len(rows)
    if total != len(rows):
        kind = Kind.LEAK if isinstance(total, int) and total > len(rows) else Kind.FORM
        text = f"count says {total}, all pages together hold {len(rows)}"
        yield Problem(
            kind, text, f"{evidence.cell.operation}: count differs from the rows that can be listed"
        )


def _exact_rows(evidence: Evidence, rows: list[Any]) -> Iterator[Problem]:
    cell, world, model = evidence.cell, evidence.world, evidence.operation.model
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    ours = [key for key in ids if key not in world.existing.get(model, set())]
    allowed, due = world.rows_for(model, cell.principal), world.listed_for(model, cell.principal)
    names = world.rows_of(model)
    if extra := [names.get(key, f"id {key}") for key in ours if key not in allowed]:
        yield Problem(
            Kind.LEAK,
            f"{cell.principal} was shown {_some(extra)}",
            f"{cell.operation} lists {model} rows that do not open for the caller",
        )
    if absent := [name for key, name in due.items() if key not in ours]:
        short = "is empty" if not ours else "leaves out rows that open for the caller"
        yield Problem(
            Kind.FORM, f"{cell.principal} was not shown {_some(absent)}", f"{cell.operation} {short}"
        )
    if len(set(ours)) < len(ours):
        yield evidence.form("the same row stands on more than one page")


def hidden(evidence: Evidence) -> Iterator[Problem]:
    """404, and nothing in it that the answer for an id that never existed does not also say."""
    answer, control = evidence.answer, evidence.control
    if answer.status != 404:
        yield evidence.form(f"expected 404, as for an id that never existed, saw {answer.summary}")
    elif control is None or _normalised(answer, evidence.requested[0]) != _normalised(
        control, evidence.requested[1]
    ):
        yield Problem(
            Kind.LEAK,
            "its 404 differs from the 404 of an id that never existed",
            f"{evidence.cell.operation}: a hidden id can be told from a missing one",
        )
    yield from _untouched(evidence)


def denied(evidence: Evidence) -> Iterator[Problem]:
    """403 for want of permission, as a JSON object that says so; nothing written."""
    yield from _refusal(evidence, 403)
    if evidence.answer.status == 403 and "csrf" in evidence.answer.text.lower():
        yield evidence.form("refused by the CSRF check, not for want of permission")


def login(evidence: Evidence) -> Iterator[Problem]:
    """401; 403 only where the backend offers no challenge. Nothing written."""
    unchallenged = evidence.answer.status == 403 and not evidence.answer.header("WWW-Authenticate")
    yield from _refusal(evidence, 403 if unchallenged else 401)


def _refusal(evidence: Evidence, status: int) -> Iterator[Problem]:
    body = evidence.answer.json
    if evidence.answer.status != status:
        yield evidence.form(f"expected {status}, saw {evidence.answer.summary}")
    elif not isinstance(body, dict) or not {"detail", "error"} & body.keys():
        yield evidence.form(f"expected a JSON object with `detail` or `error`, saw {evidence.answer.summary}")
    yield from _untouched(evidence)


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
    yield from _refusal(evidence, 409)


def done(evidence: Evidence) -> Iterator[Problem]:
    """Success, the row holds what was sent or promised, and no column changed that the request may not set."""
    operation, before, after = evidence.operation, evidence.before or {}, evidence.after or {}
    if evidence.answer.status not in {200, 201, 202, 204}:
        yield evidence.form(f"expected success, saw {evidence.answer.summary}")
        return
    if operation.effect == GONE:
        if after:
            yield _without_effect(evidence, "the row is still there")
        return
    if before and evidence.write_token and evidence.write_token not in repr(after):
        yield _without_effect(evidence, "the row does not hold what was sent")
    for column, wanted in operation.effect.items():
        if after.get(column) != wanted:
            yield _without_effect(evidence, f"{column} is {after.get(column)!r} instead of {wanted!r}")
    may_change = {column for name in operation.writable for column in (name, f"{name}_id")}
    for column in _changed(before, after) - may_change - operation.touches - operation.effect.keys():
        yield Problem(
            Kind.EFFECT,
            f"{column} is not writable, but went from {before.get(column)!r} to {after.get(column)!r}",
            f"{evidence.cell.operation} lets the request write {evidence.operation.model}.{column}",
        )


def _without_effect(evidence: Evidence, state: str) -> Problem:
    cause = f"{evidence.cell.operation} answers success without its effect: {state}"
    return Problem(Kind.EFFECT, f"the answer says done, but {state}", cause)


def created(evidence: Evidence) -> Iterator[Problem]:
    """201 and one new row, which holds what was sent."""
    if evidence.answer.status != 201:
        yield evidence.form(f"expected 201, saw {evidence.answer.summary}")
    elif evidence.operation.creates and len(evidence.added) != 1:
        yield _without_effect(evidence, f"{len(evidence.added)} rows were made")
    elif evidence.write_token not in repr(evidence.added) + evidence.answer.text:
        yield _without_effect(evidence, "what was made does not hold what was sent")


def absent(evidence: Evidence) -> Iterator[Problem]:
    """405 or 404."""
    if evidence.answer.status not in {404, 405}:
        yield evidence.form(f"expected 405 or 404, saw {evidence.answer.summary}")
    yield from _untouched(evidence)


def _untouched(evidence: Evidence) -> Iterator[Problem]:
    """A refused write leaves the subject's row as it was."""
    changed = _changed(evidence.before or {}, evidence.after or {})
    if evidence.added:
        yield Problem(
            Kind.EFFECT,
            f"{evidence.cell.principal} was refused, but made {len(evidence.added)} {evidence.operation.creates}",
            f"{evidence.cell.operation} makes rows for callers it must refuse",
        )
    if changed:
        stored = (
            " (it holds the canary that was sent)" if evidence.write_token in repr(evidence.after) else ""
        )
        yield Problem(
            Kind.EFFECT,
            f"{evidence.cell.principal} changed {', '.join(sorted(changed))} of {evidence.cell.subject}{stored}",
            f"{evidence.cell.operation} writes for callers it must refuse",
        )


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {column for column in before.keys() | after.keys() if before.get(column) != after.get(column)}


def _normalised(answer: Answer, requested: str) -> tuple[Any, ...]:
    body = answer.text.replace(requested, "<requested>") if requested else answer.text
    return answer.status, body, answer.header("Content-Type"), answer.header("Allow")


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _without_names(text: str, world: World, cell: Cell) -> str:
    """A cause must be the same for every subject and id it strikes."""
    for name in (cell.subject, *(str(value) for value in world.lookups.get(cell.subject, {}).values())):
        text = text.replace(name, "the subject") if name else text
    return text


OUTCOMES: dict[Outcome, Callable[[Evidence], Iterator[Problem]]] = {
    Outcome.FULL: full,
    Outcome.LOCKED: locked,
    Outcome.FILTERED: filtered,
    Outcome.HIDDEN: hidden,
    Outcome.DENIED: denied,
    Outcome.LOGIN: login,
    Outcome.CREATED: created,
    Outcome.INVALID: invalid,
    Outcome.CONFLICT: conflict,
    Outcome.DONE: done,
    Outcome.ABSENT: absent,
}
