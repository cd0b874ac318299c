"""What a write that succeeds must leave behind: `done`, `created`."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.contracts.openapi import GONE
from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.verdicts import Kind, Problem


def done(evidence: Evidence) -> Iterator[Problem]:
    """Success, the row holds what was sent or promised, and no column changed that the request may not set."""
    operation, before, after = evidence.operation, evidence.before or {}, evidence.after or {}
    if evidence.answer.status not in {200, 201, 202, 204}:
        yield evidence.form(f"expected success, saw {evidence.answer.summary}")
        return
    if evidence.answer.status == 200:
        yield from evidence.absences()
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
    for column in changed(before, after) - may_change - operation.touches - operation.effect.keys():
        yield Problem(
            Kind.EFFECT,
            f"{column} is not writable, but went from {before.get(column)!r} to {after.get(column)!r}",
            f"{evidence.cell.operation} lets the request write {evidence.operation.model}.{column}",
        )


def created(evidence: Evidence) -> Iterator[Problem]:
    """201 and one new row, which holds what was sent."""
    if evidence.answer.status != 201:
        yield evidence.form(f"expected 201, saw {evidence.answer.summary}")
    elif evidence.operation.creates and len(evidence.added) != 1:
        yield _without_effect(evidence, f"{len(evidence.added)} rows were made")
    elif evidence.write_token not in repr(evidence.added) + evidence.answer.text:
        yield _without_effect(evidence, "what was made does not hold what was sent")


def _without_effect(evidence: Evidence, state: str) -> Problem:
    cause = f"{evidence.cell.operation} answers success without its effect: {state}"
    return Problem(Kind.EFFECT, f"the answer says done, but {state}", cause)
