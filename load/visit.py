"""One journey of one visitor: what a scenario can ask, and how each answer is judged and written down."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from coursegate.load.cast import Cast
from coursegate.load.oracle import Opinion, Reply, Wanted
from coursegate.load.people import Person
from coursegate.load.rows import WRONG, Broken, Row


@dataclass(frozen=True)
class Asked:
    """One request on its way."""

    operation: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None


FINE = Wanted()
# A checkout that we serve says here what an answer took: statements / rows fetched.
WORK_HEADER = "X-Coursegate-Work"
Judge = Callable[[Reply], Opinion]


class Sender(Protocol):
    """Whatever carries requests: Locust under load, a fake in tests."""

    def send(self, asked: Asked, judge: Judge) -> tuple[Reply, Opinion]:
        """The answer and what it is worth."""

    def pause(self, seconds: float) -> None:
        """Let time go by for this journey only."""

    def together(self, *actions: Callable[[], Any]) -> list[Any]:
        """Carry out several actions at the same time; their results in order."""


class Recorder(Protocol):
    """Where rows go."""

    def row(self, row: Row) -> None: ...
    def broken(self, broken: Broken) -> None: ...
    def note(self, about: str, text: str) -> None: ...
    def skipped(self, due: float, scenario: str) -> None: ...


@dataclass
class Visit:
    """A journey.

    Attributes:
        due: when it was to begin, in seconds of `clock`; the first request is late by what it begins later.
        token: gives the access token of an account, which may have been renewed meanwhile.
        clock: seconds since the epoch.
    """

    scenario: str
    person: Person
    cast: Cast
    sender: Sender
    recorder: Recorder
    token: Callable[[str], str]
    chance: random.Random
    due: float
    clock: Callable[[], float] = time.time
    _begun: bool = field(default=False, init=False)

    def see(self, operation: str, subject: str) -> Reply:
        """Ask for an object of the world by its own operation; the answer must be what the world promises."""
        key = self.cast.world.lookups[subject].get(self.cast.operation(operation).attribute, subject)
        return self.ask(operation, key, wanted=self.cast.wanted(subject, self.person))

    def ask(
        self,
        operation: str,
        key: Any = "",
        *,
        query: str = "",
        body: Any = None,
        wanted: Wanted = FINE,
        signed: bool = True,
        alone: bool = False,
    ) -> Reply:
        """One request, judged and written down.

        Args:
            key: what the path names, "" where it names nothing.
            signed: whether to send the caller's token; without, a guest asks.
            alone: whether to send it over a connection of its own: which process answers is then left to chance.
        """
        described = self.cast.operation(operation)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if signed and self.person.name != "guest":
            headers["Authorization"] = f"Bearer {self.token(self.person.name)}"
        if alone:
            headers["Connection"] = "close"
        sent = None
        if body is not None:
            headers["Content-Type"], sent = "application/json", json.dumps(body)
        path = described.path_for(key) + (f"?{query}" if query else "")
        return self._send(Asked(operation, described.method, path, headers, sent), wanted)

    def as_(self, person: Person) -> Visit:
        """The same journey, seen by somebody else for a moment."""
        other = replace(self, person=person)
        other._begun = True
        return other

    def _send(self, asked: Asked, wanted: Wanted) -> Reply:
        first, self._begun = not self._begun, True
        begun = ended = self.clock()
        due = min(self.due, begun) if first else begun

        def judge(reply: Reply) -> Opinion:
            nonlocal ended
            ended = self.clock()  # what judging takes is not the target's
            return self.cast.oracle.opinion(self.person, asked.operation, wanted, reply)

        reply, opinion = self.sender.send(asked, judge)
        self.recorder.row(
            Row(
                due=round(due, 4),
                scenario=self.scenario,
                operation=asked.operation,
                tier=self.person.tier,
                status=reply.status,
                latency=round((ended - due) * 1000, 2),
                late=round((begun - due) * 1000, 2),
                size=len(reply.body),
                first=first,
                outcome=opinion.outcome,
                **_work(reply),
            )
        )
        if opinion.outcome == WRONG:
            self.broken(opinion.invariant, f"{asked.method} {asked.path}: {opinion.text}")
        return reply

    def broken(self, invariant: str, text: str) -> None:
        """Write down an invariant seen broken over several answers."""
        self.recorder.broken(Broken(round(self.clock(), 3), invariant, self.scenario, self.person.tier, text))

    def skip(self, why: str) -> None:
        """Write down what this journey could not do."""
        self.recorder.note(self.scenario, why)

    def turn_back(self, why: str) -> None:
        """Write down that this journey could not do anything; it has come all the same."""
        self.recorder.note(self.scenario, why)
        self.recorder.skipped(self.due, self.scenario)

    def think(self, least: float = 0.2, most: float = 0.8) -> None:
        """Read, decide, scroll."""
        self.sender.pause(self.chance.uniform(least, most))


def _work(reply: Reply) -> dict[str, int]:
    queries, _, rows = reply.headers.get(WORK_HEADER, "").partition("/")
    known = queries.isdigit() and rows.isdigit()
    return {"queries": int(queries), "fetched": int(rows)} if known else {}
