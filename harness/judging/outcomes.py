"""Which function judges which outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursegate.contracts.access import Outcome
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.refused import absent, conflict, denied, hidden, invalid, login, unknown
from coursegate.harness.judging.shown import filtered, full, locked
from coursegate.harness.judging.written import created, done, ignored
from coursegate.harness.verdicts import Problem

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
    Outcome.UNKNOWN: unknown,
    Outcome.IGNORED: ignored,
}
