"""What a field of the world can hold besides plain data: another object, a moment from now."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from coursegate.contracts.reading import Entry

# Every further time that a world repeats its objects, they stand this much later in their parent's order.
ORDER_STEP = 1000
_OWN_NUMBER = "-#"


@dataclass(frozen=True)
class Reference:
    """The value of a field that is another object of the world."""

    name: str


@dataclass(frozen=True)
class FromNow:
    """A moment, counted from the building of the world."""

    delta: timedelta


@dataclass(frozen=True)
class Copy:
    """Which of a repeated object is meant.

    Attributes:
        number: from 1, over everything that is repeated.
        times: how often all of them have been made before; of what grows, in a world that is there once.
        place: from 1, among those that are made at one time.
    """

    number: int
    times: int
    place: int

    @classmethod
    def numbered(cls, number: int, at_once: int, *, grows: bool = False) -> Copy:
        times, before = divmod(number - 1, at_once)
        return cls(number, times + grows, before + 1)


def named(base: str, number: int) -> str:
    """The name of a repeated object."""
    return f"{base}-{number:02}"


def values_of(
    fields: Mapping[str, Entry],
    objects: Collection[str],
    repeated: Mapping[str, int],
    copy: Copy | None = None,
) -> dict[str, Any]:
    """The fields of one object, read against the objects that stand earlier.

    Args:
        repeated: how many there are of each object that is repeated.
        copy: which one is meant, where the object is repeated itself.

    Raises:
        ContractError: a field names an object that does not exist.
    """
    values: dict[str, Any] = {}
    for field, entry in fields.items():
        value = entry.plain()
        if isinstance(value, str) and value.startswith("@"):
            value = _reference(entry, value[1:], objects, repeated, copy)
        elif isinstance(value, str) and (match := re.fullmatch(r"([+-]\d+)([dhms])", value)):
            unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}[match[2]]
            value = FromNow(timedelta(**{unit: int(match[1])}))
        values[field] = value
    if copy and "order" in values:
        values["order"] += copy.place + copy.times * ORDER_STEP
    return values


def _reference(
    entry: Entry, name: str, objects: Collection[str], repeated: Mapping[str, int], copy: Copy | None
) -> Reference:
    """The object that is meant; by "@name-#" the one of the same number, beginning anew where there are fewer."""
    base = name.removesuffix(_OWN_NUMBER)
    if copy and base != name and base in repeated:
        name = named(base, (copy.number - 1) % repeated[base] + 1)
    if name not in objects:
        raise entry.error(f"no earlier object is called {name!r}")
    return Reference(name)
