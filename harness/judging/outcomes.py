"""Which answers an outcome allows, in numbers and in words, and which function judges them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coursegate.contracts.access import Outcome
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.refused import (
    LOGIN_WORDS,
    absent,
    conflict,
    denied,
    hidden,
    invalid,
    login,
    unknown,
)
from coursegate.harness.judging.shown import filtered, full, locked
from coursegate.harness.judging.written import SUCCESS, created, done, ignored
from coursegate.harness.verdicts import Kind, Problem


@dataclass(frozen=True)
class Judge:
    """How one outcome is judged.

    Attributes:
        words: the answer that it allows, as it stands after "expected".
        statuses: those with which an answer is meant as this outcome.
        problems: what an answer breaks of it.
    """

    words: str
    statuses: frozenset[int]
    problems: Callable[[Evidence], Iterator[Problem]]


def _judge(words: str, problems: Callable[[Evidence], Iterator[Problem]], *statuses: int) -> Judge:
    return Judge(words, frozenset(statuses), problems)


# In the order in which they are named where several are allowed.
OUTCOMES: dict[Outcome, Judge] = {
    Outcome.FULL: _judge("200 with all of it", full, 200),
    Outcome.LOCKED: _judge("a teaser or a refusal", locked, 200, 401, 402, 403, 404),
    Outcome.FILTERED: _judge("200 with the rows that open for the caller", filtered, 200),
    Outcome.CREATED: _judge("201 with a new row", created, 201),
    Outcome.DONE: _judge("success with what it promises stored", done, *SUCCESS),
    Outcome.IGNORED: _judge("success without any effect", ignored, 200, 204),
    Outcome.LOGIN: _judge(LOGIN_WORDS, login, 401),
    Outcome.DENIED: _judge("403", denied, 402, 403, 503),
    Outcome.HIDDEN: _judge("404 as for an id that never existed", hidden, 404),
    Outcome.ABSENT: _judge("405 or any 404", absent, 404, 405),
    Outcome.CONFLICT: _judge("409", conflict, 409),
    Outcome.INVALID: _judge("400 or 422 with errors by field", invalid, 400, 422),
    Outcome.UNKNOWN: _judge("400, 404 or 422 as for an id that never existed", unknown, 400, 404, 422),
}


def broken_by(evidence: Evidence) -> list[Problem]:
    """What an answer breaks of what its cell allows: where that is several outcomes, of the one it is meant as.

    An answer is meant as an outcome that knows its status; of two such outcomes as the one that it breaks less. One
    that is meant as none of them is told all of them, and what it wrote although each of them forbids that.
    """
    allowed = [outcome for outcome in OUTCOMES if outcome in evidence.cell.outcomes]
    attempts = {outcome: list(OUTCOMES[outcome].problems(evidence)) for outcome in allowed}
    status = evidence.answer.status
    meant = [attempts[outcome] for outcome in allowed if status in OUTCOMES[outcome].statuses]
    if len(allowed) == 1 or not all(attempts.values()):
        return min(attempts.values(), key=len)
    if meant:
        return min(meant, key=len)
    words = ", or ".join(OUTCOMES[outcome].words for outcome in allowed)
    effects = [problem for problem in min(attempts.values(), key=len) if problem.kind is not Kind.FORM]
    return [evidence.form(f"expected {words}; saw {evidence.answer.summary}"), *effects]
