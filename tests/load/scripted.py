"""A journey without Locust: what it asks is answered from a script, and what it writes down is kept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.world import Account
from coursegate.load.cast import Cast
from coursegate.load.oracle import Opinion, Reply
from coursegate.load.order import Throttle
from coursegate.load.people import Person
from coursegate.load.rows import Broken, Row
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Asked, Judge, Visit
from coursegate.tests.harness.imagined import imagined_world

Answers = Mapping[str, Callable[[Asked, int], Reply]]


def said(status: int, body: Any = None, **headers: str) -> Reply:
    return Reply(status, b"" if body is None else json.dumps(body).encode(), headers)


@dataclass
class Script:
    """Answers each operation; the n-th time that it is asked, `answers[operation](asked, n)`."""

    answers: Answers
    asked: list[Asked] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    told: list[Broken] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    waited: float = 0.0

    def send(self, asked: Asked, judge: Judge) -> tuple[Reply, Opinion]:
        number = sum(one.operation == asked.operation for one in self.asked)
        self.asked.append(asked)
        reply = self.answers[asked.operation](asked, number)
        return reply, judge(reply)

    def pause(self, seconds: float) -> None:
        self.waited += seconds

    def together(self, *actions: Callable[[], Any]) -> list[Any]:
        return [action() for action in actions]

    def row(self, row: Row) -> None:
        self.rows.append(row)

    def broken(self, broken: Broken) -> None:
        self.told.append(broken)

    def note(self, about: str, text: str) -> None:
        self.notes[about] = text

    def skipped(self, due: float, scenario: str) -> None:  # noqa: ARG002 -- every journey is due at once
        self.left.append(scenario)

    @property
    def invariants(self) -> list[str]:
        return [one.invariant for one in self.told]


def cast_of(contract: Contract, throttle: Throttle | None = None) -> Cast:
    world = imagined_world(contract)
    for name in ("registered", "premium", "lapsed", "owner"):
        world.accounts[name] = Account(f"{name}@example.org", "never sent")
    return Cast(world, contract, throttle=throttle)


def travel(scenario: Scenario, cast: Cast, answers: Answers) -> Script:
    """One journey of the scenario's first sort of visitor."""
    script, principal = Script(answers), next(iter(scenario.principals))
    person = Person(principal, principal)
    visit = Visit(scenario.name, person, cast, script, script, str, random.Random(1), 0.0, clock=lambda: 0.0)
    scenario.journey(visit)
    return script
