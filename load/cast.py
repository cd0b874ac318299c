"""What the journeys of a generator process share: the world, its people, the paths, and what may be written."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.world import World
from coursegate.load.leases import Leases
from coursegate.load.oracle import Oracle, Wanted
from coursegate.load.order import Throttle
from coursegate.load.people import Person, people_of

COURSE, LESSON, CERTIFICATE = "courses.Course", "courses.Lesson", "courses.Certificate"
# The n-th most popular course is visited 1/n as often as the first (Zipf): few are watched by many.
SKEW = 1.0
# The field whose canary shows that an object has been answered whole.
_TELLING = {COURSE: "title", LESSON: "content"}
_TEASER, _GUEST_TEASER = frozenset({200, 402, 403, 404}), frozenset({200, 401, 402, 403, 404})


@dataclass
class Cast:
    """The world as the journeys see it.

    Attributes:
        share: which part of what may be written is this process's: its index, of how many.
        throttle: the limit that the throttle probe asks at; None where nobody knows it.
        written: numbers that nobody has written before.
    """

    world: World
    contract: Contract
    share: tuple[int, int] = (0, 1)
    throttle: Throttle | None = None
    oracle: Oracle = field(init=False)
    written: Any = field(init=False)

    def __post_init__(self) -> None:
        self.oracle = Oracle(self.world, self.contract.declassified)
        self.written = itertools.count(1)
        self._public = self._of(COURSE, GUEST, "listed")
        self._lessons = self._of(LESSON, GUEST, "exists")
        self._people = {name: people_of(self.world, name) for name in self.world.contract.principals}
        self._wanted: dict[tuple[str, str], Wanted] = {}
        self.studies = Leases(self._studies(), *self.share)
        self.enrolments = Leases(self._enrolments(), *self.share)
        self.editable = Leases(self._of(LESSON, "owner", "exists", but=GUEST), *self.share)

    def person(self, principal: str, chance: random.Random) -> Person | None:
        """Somebody who is answered as that principal, or None where no such account could be built."""
        people = self._people[principal]
        return chance.choice(people) if people else None

    def course(self, chance: random.Random) -> str:
        """A published course, the popular ones more often."""
        return _skewed(self._public, chance)

    def lesson(self, chance: random.Random) -> str:
        """A published lesson of any level, open to the caller or not."""
        return _skewed(self._lessons, chance)

    def lesson_for(self, principal: str, chance: random.Random) -> str:
        """A lesson that opens for a principal."""
        rows = self.world.rows_for(LESSON, principal)
        return _skewed([name for name in self._lessons if self.world.ids[name] in rows], chance)

    def certificates(self, *, valid: bool) -> list[str]:
        items = self.world.contract.of_model(CERTIFICATE)
        return [item.name for item in items if item.name in self.world.ids and _is_valid(item) == valid]

    def operation(self, name: str) -> Operation:
        return self.contract.api.operations[name]

    def wanted(self, subject: str, person: Person) -> Wanted:
        """What the answer of an object's own operation must be for a person (policies 3 and 4)."""
        place = (subject, person.principal)
        if place not in self._wanted:
            self._wanted[place] = self._promised(subject, person.principal)
        return self._wanted[place]

    def _promised(self, subject: str, principal: str) -> Wanted:
        item = self.world.contract.objects[subject]
        if principal not in item.exists:
            return Wanted(frozenset({404}))
        naming = ("id", str(self.world.ids[subject]))
        if principal not in item.opens:
            return Wanted(_GUEST_TEASER if principal == GUEST else _TEASER, naming=naming)
        telling = _TELLING.get(item.model, "")
        token = self.world.planted[subject].get(telling, "")
        shows = token if token and principal in item.clearance[telling] else ""
        return Wanted(shows=shows, naming=naming)

    def body(self, operation: str, **values: Any) -> Any:
        """The contract's own example of a request body, with values put over it.

        Its placeholders for a text nobody has sent before and for the category become such.
        """
        example = dict(next(iter(self.operation(operation).bodies.values())))
        filled = {key: self._filled(value) for key, value in example.items()}
        return filled | values

    def _filled(self, value: Any) -> Any:
        if value == "$canary":
            return f"Written under load {next(self.written)} by process {self.share[0]}"
        if isinstance(value, str) and value.startswith("$(") and value.endswith(".pk)"):
            return self.world.ids.get(value[2:-4])
        return value

    def _of(self, model: str, principal: str, where: str = "opens", *, but: str = "") -> list[str]:
        return [
            item.name
            for item in self.world.contract.of_model(model)
            if item.name in self.world.ids and principal in getattr(item, where) and but not in item.exists
        ]

    def _studies(self) -> list[tuple[Person, str]]:
        """Premium learners and lessons whose progress nobody else writes: enrolled, open, and without a row of the world."""
        objects, taken = self.world.contract.objects, set()
        for item in self.world.contract.of_model("courses.Progress"):
            enrolment = objects[item.fields["enrollment"].name]
            taken.add((enrolment.fields["user"].name, item.fields["lesson"].name))
        return [
            (person, lesson)
            for lesson in self._of(LESSON, "premium")
            for person in people_of(self.world, "premium")
            if self._is_enrolled(person.name, self.world.contract.course_of(objects[lesson]))
            and (person.name, lesson) not in taken
        ]

    def _is_enrolled(self, user: str, course: str) -> bool:
        return any(
            item.fields["user"].name == user
            and item.fields["course"].name == course
            and item.fields["status"] == "active"
            for item in self.world.contract.of_model("courses.Enrollment")
        )

    def _enrolments(self) -> list[tuple[Person, str]]:
        """Learners and published courses in which the world says nothing about them."""
        said = {
            (item.fields["user"].name, item.fields["course"].name)
            for item in self.world.contract.of_model("courses.Enrollment")
        }
        people = [person for name in ("registered", "premium") for person in people_of(self.world, name)]
        return [(p, course) for course in self._public for p in people if (p.name, course) not in said]


def _is_valid(item: Any) -> bool:
    return bool(item.fields.get("is_valid"))


def _skewed(names: Sequence[str], chance: random.Random) -> str:
    weights = itertools.accumulate(1 / rank**SKEW for rank in range(1, len(names) + 1))
    return chance.choices(names, cum_weights=list(weights))[0]
