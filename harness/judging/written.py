"""What a write that succeeds must leave behind: `done`, `created`, `ignored`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coursegate.contracts.openapi import GONE
from coursegate.harness.judging.evidence import Evidence, changed
from coursegate.harness.verdicts import Kind, Problem

# What a learner did in a course stays, whatever becomes of the enrolment (policy 8).
ENROLMENT = "courses.Enrollment"
LEARNED = frozenset(
    {
        "courses.Progress",
        "courses.Note",
        "courses.Certificate",
        "courses.AssessmentAttempt",
        "courses.AttemptAnswer",
    }
)

# With which an operation says that it has done, or will do, what it was asked.
SUCCESS = frozenset({200, 201, 202, 204, 205})


def done(evidence: Evidence) -> Iterator[Problem]:
    """Success, the row holds what was sent or promised, and no column changed that the request may not set."""
    operation, before, after = evidence.operation, evidence.before or {}, evidence.after or {}
    if evidence.answer.status not in SUCCESS:
        yield evidence.refused("success")
        return
    if evidence.answer.status == 200:
        yield from evidence.absences()
    yield from _cascaded(evidence)
    if operation.effect == GONE:
        if after:
            yield _without_effect(evidence, "the row is still there")
        return
    if not evidence.sees_rows:
        yield from _shown_effect(evidence)
        return
    if before and not after:
        yield _without_effect(evidence, f"the row is gone; it must stay{_promised_of(operation.effect)}")
        return
    stored = repr(after) if before else repr(evidence.added) + evidence.answer.text
    if evidence.write_token not in stored:
        yield _without_effect(evidence, "the row does not hold what was sent")
    yield from _effect(evidence, after or (evidence.added[0] if evidence.added else {}))
    yield from _overreach(evidence)


def _cascaded(evidence: Evidence) -> Iterator[Problem]:
    """An enrolment changes and ends without what was learned in it: no row of that comes or goes."""
    operation = evidence.operation
    if operation.model != ENROLMENT or operation.creates:
        return
    for model in sorted((evidence.answer.writes or frozenset()) & LEARNED):
        yield Problem(
            Kind.EFFECT,
            f"rows of {model} came or went with what was done to {evidence.subject}",
            f"{operation.id} takes rows of {model} along",
        )


def created(evidence: Evidence) -> Iterator[Problem]:
    """201 and one new row, which holds what was sent and is in the state that was promised."""
    if evidence.answer.status != 201:
        yield evidence.refused("201")
    elif not evidence.sees_rows:
        yield from _shown_effect(evidence)
    elif evidence.operation.creates and len(evidence.added) != 1:
        yield _without_effect(evidence, f"{len(evidence.added)} rows were made")
    elif evidence.write_token not in repr(evidence.added) + evidence.answer.text:
        yield _without_effect(evidence, "what was made does not hold what was sent")
    elif evidence.added:
        yield from _effect(evidence, evidence.added[0])


def ignored(evidence: Evidence) -> Iterator[Problem]:
    """Success, and nothing of what was sent is stored."""
    if evidence.answer.status not in {200, 204}:
        yield evidence.refused("success without any effect")
        return
    for column in evidence.changes - evidence.operation.touches:
        yield _written(evidence, column)


def _effect(evidence: Evidence, row: dict[str, Any]) -> Iterator[Problem]:
    """What the operation promises of the row, whatever the body said."""
    for column, wanted in evidence.operation.effect.items() if row else ():
        if row.get(column) != wanted:
            yield _without_effect(evidence, f"{column} is {row.get(column)!r} instead of {wanted!r}")


def _promised_of(effect: Mapping[str, Any]) -> str:
    """What a row that stays must then hold, as it stands behind the word."""
    return (
        f", with {', '.join(f'{column} {wanted!r}' for column, wanted in effect.items())}" if effect else ""
    )


def _shown_effect(evidence: Evidence) -> Iterator[Problem]:
    """As much of the effect as the answer shows, and the subject when it is read again."""
    body = evidence.pages[0].request.body
    sent = (
        {key for key, value in body.items() if evidence.write_token in str(value)}
        if isinstance(body, dict)
        else set()
    )
    again = None if evidence.operation.creates else evidence.after
    for shown in (evidence.answer.json, again):
        if not isinstance(shown, dict):
            continue
        for key in sorted(sent & shown.keys()) if evidence.write_token else ():
            if evidence.write_token not in str(shown[key]).lower():
                yield _without_effect(evidence, f"{key} does not hold what was sent")
        for column, wanted in evidence.operation.effect.items():
            if column in shown and shown[column] != wanted:
                yield _without_effect(evidence, f"{column} is {shown[column]!r} instead of {wanted!r}")
    named = set(body) if isinstance(body, dict) else set()
    # Other keys may follow from what was rightly written; these were asked for, and may not be.
    operation = evidence.operation
    may_change = operation.settable_by(evidence.cell.principal) | operation.touches | operation.effect.keys()
    for key in sorted(changed(evidence.before, evidence.after) & named - may_change):
        yield _written(evidence, key)


def _overreach(evidence: Evidence) -> Iterator[Problem]:
    """Columns that changed although the request may not set them; what a backend keeps of its own it may change."""
    operation = evidence.operation
    settable = operation.settable_by(evidence.cell.principal)
    may_change = {column for name in settable for column in (name, f"{name}_id")}
    for column in evidence.changes - may_change - operation.touches - operation.effect.keys():
        yield _written(evidence, column)


def _written(evidence: Evidence, column: str) -> Problem:
    before, after = ((row or {}).get(column) for row in (evidence.before, evidence.after))
    return Problem(
        Kind.EFFECT,
        f"{column} is not writable, but went from {before!r} to {after!r}",
        f"{evidence.cell.operation} lets the request write {evidence.operation.model}.{column}",
    )


def _without_effect(evidence: Evidence, state: str) -> Problem:
    cause = f"{evidence.cell.operation} answers success without its effect: {state}"
    return Problem(Kind.EFFECT, f"the answer says done, but {state}", cause)
