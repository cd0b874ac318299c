"""Which generated cases the corpus keeps: what fails, what makes the backend do something new, what is odd by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from coursegate.contracts.corpus import Case
from coursegate.harness.session import Bound
from coursegate.suites.fuzz.alike import distinct
from coursegate.suites.fuzz.sending import Trial, send

# Of one operation.
MOST_KEPT = 60
LONG = 300


@dataclass
class Keeper:
    """The cases of one operation that are worth sending again."""

    bound: Bound
    kept: list[Case] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def consider(self, case: Case) -> Trial:
        """Send a case as everybody and keep it, as those that are answered differently, where it is worth that."""
        from coursegate.harness.targets.fetching import observed_statements

        with observed_statements() as statements:
            trial = send(replace(case, tiers=()), self.bound)
        shapes = sorted({statement.sql for statement in statements})
        tiers = distinct(trial)
        effect = repr((sorted((tier, _told(trial, tier)) for tier in trial.seen), shapes))
        new = self._note(hashlib.blake2s(effect.encode()).hexdigest())
        odd = [trait for trait in traits(case) if self._note(trait)]
        if new:
            self.kept.append(replace(case, tiers=tiers))
        elif odd:
            self.kept.append(replace(case, tiers=_reading_it(trial, tiers)))
        return trial

    def fails(self, case: Case, trial: Trial) -> None:
        """Keep a case for certain."""
        self.kept.insert(0, replace(case, tiers=distinct(trial)))

    def chosen(self) -> list[Case]:
        return self.kept[:MOST_KEPT]

    def _note(self, what: str) -> bool:
        fresh = what not in self.known
        self.known.add(what)
        return fresh


def _reading_it(trial: Trial, tiers: tuple[str, ...]) -> tuple[str, ...]:
    """As whom an odd case is sent: one who gets an answer, one whose request is found wrong, and whoever sees least."""
    first: dict[str, str] = {}
    for tier in tiers:
        status = trial.seen[tier].answer.status
        sort = "answered" if status < 300 else "wrong" if status in {400, 422} else ""
        if sort:
            first.setdefault(sort, tier)
    return tuple(dict.fromkeys([*first.values(), tiers[-1]]))


def _told(trial: Trial, tier: str) -> tuple[int, tuple[str, ...]]:
    """How a tier was answered: the status, and of a refusal the fields that it is about."""
    answer = trial.seen[tier].answer
    keys = tuple(sorted(answer.json)) if answer.status >= 400 and isinstance(answer.json, dict) else ()
    return answer.status, keys


def traits(case: Case) -> Iterator[str]:
    """What is odd about a case: of each parameter the kind of its value, of a body the kinds in it, and its path."""
    if case.path and not case.path.startswith("$("):
        yield f"path {_kind(case.path)}"
    for name, value in case.query:
        yield f"query {name} {_kind(value)}"
    if len(case.query) > 1:
        yield f"query {' '.join(sorted(name for name, _ in case.query))}"
    if isinstance(case.body, dict):
        kinds = sorted({_kind(value) for value in case.body.values()} - {"plain"})
        yield f"body {' '.join(kinds)}" if len(kinds) < 3 else "body of many kinds"
        for name, value in case.body.items():
            if _kind(value) in {"astral", "huge", "nul"}:
                yield f"body {name} {_kind(value)}"
    elif case.body is not None:
        yield f"body {type(case.body).__name__}"


def _kind(value: Any) -> str:
    """The kind of a value, so that one of each is enough."""
    if isinstance(value, str) and (number := _number(value)) is not None:
        return f"text {_kind(number)}"
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        return type(value).__name__
    if isinstance(value, (int, float)):
        return (
            "huge" if abs(value) >= 2**31 else "negative" if value < 0 else "zero" if not value else "plain"
        )
    text = str(value)
    if "\x00" in text:
        return "nul"
    if not text.strip():
        return "empty"
    if len(text) > LONG:
        return "long"
    return (
        "astral" if any(ord(letter) > 0xFFFF for letter in text) else "plain" if text.isascii() else "foreign"
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
