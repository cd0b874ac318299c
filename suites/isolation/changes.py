"""What can be done to a world that a principal must not notice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from coursegate.contracts.declassified import Declassified
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import INSTRUCTOR, USER, WorldContract, WorldObject
from coursegate.harness.world import World

# Of what is repeated, as many as show it.
MOST_ALIKE = 2
_NUMBERED = re.compile(r"-\d\d$")
# Rows of these leave no trace in anything that is shown to those for whom they do not open (policies 4 and 6).
UNCOUNTED = frozenset({"courses.Lesson", USER})

# What hangs below a course, down to its lessons, and what the course stands in.
CONTENT = frozenset({"courses.Category", "courses.Course", "courses.Module", "courses.Lesson"})


class Deed(StrEnum):
    EDIT = "edit"
    ADD = "add"
    REMOVE = "remove"
    CROWD = "crowd"


@dataclass(frozen=True)
class Change:
    """One thing that is done to one object: its hidden fields rewritten, others like it added, or itself removed.

    Attributes:
        below: what a crowd is added below.
        amount: how many make it.
    """

    deed: Deed
    object: str
    model: str
    fields: tuple[str, ...] = ()
    below: str = ""
    amount: int = 0

    def __str__(self) -> str:
        match self.deed:
            case Deed.EDIT:
                return f"{', '.join(self.fields)} of {self.object} rewritten"
            case Deed.ADD:
                return f"another {self.object} added"
            case Deed.CROWD:
                return f"{self.amount} like {self.object} added below {self.below}"
        return f"{self.object} removed"

    @property
    def what(self) -> str:
        """The model, and the field where it is only one."""
        return f"{self.model}.{self.fields[0]}" if len(self.fields) == 1 else self.model


def hidden_changes(world: World, principal: str) -> list[Change]:
    """Every change of the built world that is none of the principal's business, in the order of the world."""
    return [change for item in _some(world) for change in _changes(world, item, principal)]


def _changes(world: World, item: WorldObject, principal: str) -> Iterator[Change]:
    fields = tuple(name for name in world.planted.get(item.name, {}) if principal not in item.clearance[name])
    if fields:
        yield Change(Deed.EDIT, item.name, item.model, fields)
    if _leaves_no_trace(item, principal):
        yield Change(Deed.ADD, item.name, item.model)
        if not any(item.name in other.parents for other in world.contract.objects.values()):
            yield Change(Deed.REMOVE, item.name, item.model)


def _leaves_no_trace(item: WorldObject, principal: str) -> bool:
    """Whether the principal may not even learn that there is such a row."""
    return principal not in (item.opens if item.model in UNCOUNTED else item.exists)


def removals(world: World, principal: str) -> Iterator[Change]:
    """Hidden content that can be taken out with everything below it: none of that is the principal's business either."""
    objects = world.contract.objects.values()
    for item in _some(world):
        if item.model in CONTENT and principal not in item.exists:
            below = [one for one in objects if world.contract.within(one, item.name)]
            if all(principal not in one.exists or one.model == INSTRUCTOR for one in below):
                yield Change(Deed.REMOVE, item.name, item.model)


def crowds(world: World, principal: str) -> Iterator[Change]:
    """Of each model whose rows a number counts so many hidden ones that an order by that number is another one."""
    counted = {count.of: None for counts in world.contract.counts.values() for count in counts.values()}
    for model in counted:
        built = [item for item in world.contract.of_model(model) if item.name in world.ids]
        hidden = next((item for item in built if _hides_itself(world, item, principal)), None)
        if hidden is None:
            continue
        known = Counter(item.parents[0] for item in built)
        sizes = {room.name: known[room.name] for room in _rooms(world, hidden, principal)}
        fewest = min(sizes, key=lambda name: sizes[name], default="")
        more = [size for size in sizes.values() if size > sizes[fewest]]
        if more:
            # Another one of each hidden row, which may be added besides, makes no room more than twice as large.
            yield Change(Deed.CROWD, hidden.name, model, below=fewest, amount=2 * min(more) + 1)


def _hides_itself(world: World, item: WorldObject, principal: str) -> bool:
    """Whether it is hidden although what it stands in is not: then it is so elsewhere, too."""
    return _leaves_no_trace(item, principal) and principal in world.contract.objects[item.parents[0]].opens


def _rooms(world: World, item: WorldObject, principal: str) -> Iterator[WorldObject]:
    """What else an object could stand in: listed for the principal, who has no right of their own there."""
    contract = world.contract
    for room in contract.of_model(contract.objects[item.parents[0]].model):
        is_strange = principal not in contract.teachers(contract.course_of(room))
        if room.name in world.ids and principal in room.listed and is_strange:
            yield room


def _some(world: World) -> Iterator[WorldObject]:
    """Every object that was built; of numbered ones and of those that make a world larger only the first."""
    alike: dict[str, int] = {}
    for item in world.contract.objects.values():
        base = _NUMBERED.sub("", item.name)
        alike[base] = alike.get(base, 0) + 1
        if item.name in world.ids and not item.grown and (base == item.name or alike[base] <= MOST_ALIKE):
            yield item


def is_shown(
    change: Change, operation: Operation, principal: str, world: WorldContract, declassified: Declassified
) -> bool:
    """Whether the operation may show what the change is about: it says so, or lists it to whom it belongs to."""
    course = world.course_of(world.objects[change.object])
    if operation.area and change.deed is not Deed.EDIT and principal in world.teachers(course):
        return True
    whats = (change.model, *(f"{change.model}.{name}" for name in change.fields))
    return any(principal in declassified.readers(operation.id, what, change.object) for what in whats)


def chosen(changes: Sequence[Change], examples: int) -> list[tuple[Change, ...]]:
    """Sets of changes as hypothesis draws them; the same ones in every run."""
    if not changes or not examples:
        return []
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    found: list[tuple[Change, ...]] = []
    everything = list(changes)

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(everything), min_size=1, max_size=8, unique=True))
    def draw(some: list[Change]) -> None:
        found.append(tuple(some))

    draw()
    return found
