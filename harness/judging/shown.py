"""What may be shown: `full`, `locked`, `filtered`. Each function is one outcome of the access table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import rows_of
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.verdicts import Kind, Problem


def full(evidence: Evidence) -> Iterator[Problem]:
    """200, the subject itself, every promised field that opens for the caller, and counts that agree."""
    body = evidence.answer.json
    if evidence.answer.status == 200 and evidence.operation.answers_list and isinstance(body, list):
        return
    if evidence.answer.status != 200 or not isinstance(body, dict):
        whole = evidence.operation.model or "answer"
        yield evidence.refused(f"the whole {whole}")
        return
    yield from evidence.absences()
    cell, world = evidence.cell, evidence.world
    if not evidence.subject:
        return
    yield from _identity(evidence, body)
    item = world.contract.objects[evidence.subject]
    for name, token in world.planted[evidence.subject].items():
        promised = cell.principal in item.promised.get(name, ()) and name in evidence.operation.answer_fields
        if promised and token[:11] not in str(body.get(name, "")).lower():
            state = "not what is stored" if body.get(name) else "empty" if name in body else "missing"
            yield evidence.form(f"the field {name} opens for the caller, but is {state}")
    yield from _counts(evidence, body)


def _identity(evidence: Evidence, body: dict[str, Any]) -> Iterator[Problem]:
    """The answer names its subject by id, or by the attribute it was asked for with."""
    operation, world = evidence.operation, evidence.world
    if "id" in operation.answer_fields:
        if body.get("id") != _in_json(world.ids[evidence.subject]):
            yield evidence.form(f"the answer is not about {evidence.subject}: its id is {body.get('id')!r}")
    elif operation.attribute in operation.answer_fields:
        wanted = world.lookups[evidence.subject].get(operation.attribute)
        if body.get(operation.attribute) != wanted:
            yield evidence.form(
                f"the answer is not about {evidence.subject}: it names {body.get(operation.attribute)!r}"
            )


def _counts(evidence: Evidence, body: dict[str, Any]) -> Iterator[Problem]:
    cell, world = evidence.cell, evidence.world
    for key, count in world.contract.counts.get(evidence.operation.model, {}).items():
        most = world.counted(count.of, evidence.subject, cell.principal)
        least = most if count.exact else min(most, world.counted(count.of, evidence.subject, GUEST))
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
        numbers = ", ".join(map(str, sorted(allowed - {200})))
        yield evidence.form(f"expected a teaser or a refusal with {numbers}, saw {answer.summary}")
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
    key, answer = evidence.operation.total_at, evidence.answer.json
    total = answer.get(key, len(rows)) if isinstance(answer, dict) else len(rows)
    if total != len(rows):
        kind = Kind.LEAK if isinstance(total, int) and total > len(rows) else Kind.FORM
        text = f"{key} says {total}, all pages together hold {len(rows)}"
        yield Problem(
            kind, text, f"{evidence.cell.operation}: count differs from the rows that can be listed"
        )


def _exact_rows(evidence: Evidence, rows: list[Any]) -> Iterator[Problem]:
    cell, world, model = evidence.cell, evidence.world, evidence.operation.model
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    existing = set(map(_in_json, world.existing.get(model, ())))
    ours = [key for key in ids if key not in existing]
    allowed = {
        _in_json(key): name for key, name in world.listable(evidence.operation, cell.principal).items()
    }
    whom = {cell.principal, GUEST} if evidence.operation.is_shelf else {cell.principal}
    due = {
        key: name
        for key, name in allowed.items()
        if whom <= world.contract.objects[name].listed and not world.may_be_left_out(evidence.operation, name)
    }
    names = {_in_json(key): name for key, name in world.rows_of(model).items()}
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


def _in_json(key: Any) -> Any:
    """A key as an answer shows it: a number as it is, a UUID as a text."""
    return key if isinstance(key, int | str) else str(key)


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
