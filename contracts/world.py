"""The seeded world as data: who and what exists, and whom each part of it is for (`world.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from coursegate.contracts.reading import ContractError, Entry, read

Audience = frozenset[str]

USER, PROFILE, SUBSCRIPTION = "users.CustomUser", "users.Profile", "users.Subscription"
GUEST = "guest"


@dataclass(frozen=True)
class Reference:
    """The value of a field that is another object of the world."""

    name: str


@dataclass(frozen=True)
class FromNow:
    """A moment, counted from the building of the world."""

    delta: timedelta


@dataclass(frozen=True)
class WorldObject:
    """One row that the world must hold.

    Attributes:
        fields: declared state; values are plain data, `Reference` or `FromNow`.
        exists: principals who may know of it.
        opens: principals who may see what it sells.
        listed: those of them who must find it in lists.
        clearance: field that carries a canary -> principals who may read it.
        promised: the fields of `clearance` that a `full` answer must hold for whom they open.
    """

    name: str
    model: str
    fields: Mapping[str, Any]
    exists: Audience
    opens: Audience
    listed: Audience
    clearance: Mapping[str, Audience]
    promised: frozenset[str]
    line: int

    @property
    def parents(self) -> list[str]:
        return [value.name for value in self.fields.values() if isinstance(value, Reference)]


@dataclass(frozen=True)
class Count:
    """A number in an answer that counts rows; inexact: from what all may see to what the caller may see."""

    of: str
    exact: bool


@dataclass(frozen=True)
class WorldContract:
    """Everything `world.yaml` says, in the order of building."""

    path: Path
    principals: tuple[str, ...]
    objects: Mapping[str, WorldObject]
    closed_keys: Mapping[str, Audience]
    counts: Mapping[str, Mapping[str, Count]]

    def of_model(self, model: str) -> Iterator[WorldObject]:
        return (item for item in self.objects.values() if item.model == model)

    def within(self, item: WorldObject, ancestor: str) -> bool:
        """Whether `item` hangs below `ancestor`, over any number of parents."""
        return any(name == ancestor or self.within(self.objects[name], ancestor) for name in item.parents)


def load_world(path: Path) -> WorldContract:
    """Read `world.yaml`.

    Raises:
        ContractError: anything malformed, unknown, or said twice.
    """
    root = read(path).mapping(
        required={"audiences", "protected", "principals", "objects"},
        optional={"closed_keys", "counts", "bystanders"},
    )
    return _Reader(path, root).world()


class _Reader:
    """One pass over the file; holds what later sections refer to."""

    def __init__(self, path: Path, root: dict[str, Entry]) -> None:
        self.path, self.root = path, root
        self.principals = tuple(root["principals"].mapping())
        self.audiences = {name: self._named(entry) for name, entry in root["audiences"].items()}
        self.groups = {model: self._groups(entry) for model, entry in root["protected"].items()}
        self.objects: dict[str, WorldObject] = {}
        self.entries: dict[str, dict[str, Entry]] = {}

    def world(self) -> WorldContract:
        for name, entry in self.root["principals"].items():
            if name != GUEST:
                self._account(name, entry, own={name})
        for name, entry in self.root["bystanders"].items() if "bystanders" in self.root else ():
            self._account(name, entry, own=set())
        for name, entry in self.root["objects"].items():
            self._object(name, entry)
        closed = self.root.get("closed_keys")
        counts = self.root.get("counts")
        return WorldContract(
            path=self.path,
            principals=self.principals,
            objects=self.objects,
            closed_keys={key: self._audience(entry) for key, entry in closed.items()} if closed else {},
            counts={model: self._counts(entry) for model, entry in counts.items()} if counts else {},
        )

    def _named(self, entry: Entry) -> Audience:
        for member in entry.sequence():
            if member.text() not in self.principals:
                raise member.error(f"no principal is called {member.text()!r}")
        return frozenset(entry.texts())

    def _audience(self, entry: Entry) -> Audience:
        if entry.text() not in self.audiences:
            raise entry.error(
                f"no audience is called {entry.text()!r}; there are {', '.join(self.audiences)}"
            )
        return self.audiences[entry.text()]

    def _groups(self, entry: Entry) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for group, fields in entry.items():
            if group not in {"exists", "opens", *self.audiences}:
                raise fields.error(f"{group!r} is neither `exists`, `opens` nor an audience")
            groups[group] = fields.texts()
        return groups

    def _counts(self, entry: Entry) -> dict[str, Count]:
        counts = {}
        for key, value in entry.items():
            said = value.mapping(required={"of"}, optional={"exact"})
            counts[key] = Count(
                of=said["of"].text(), exact=bool(said["exact"].plain()) if "exact" in said else True
            )
        return counts

    def _account(self, name: str, entry: Entry, own: set[str]) -> None:
        """A principal or bystander: its user, and its profile and subscription, which are nobody else's business."""
        said = entry.mapping(required={"user", "subscription"}, optional=set())
        private = frozenset(own) | self.audiences.get("staff", frozenset())
        user = {"user": Reference(name)}
        self._add(name, USER, _values(said["user"], self.objects), entry, opens=private)
        subscription = user | _values(said["subscription"], self.objects)
        for suffix, model, fields in (
            ("profile", PROFILE, user),
            ("subscription", SUBSCRIPTION, subscription),
        ):
            self._add(
                f"{name}-{suffix}", model, fields, entry, opens=private, exists=private, listed=frozenset(own)
            )

    def _object(self, name: str, entry: Entry) -> None:
        own = entry.mapping(optional={"like", "model", "fields", "exists", "opens", "listed", "repeat"})
        said = dict(own)
        fields: dict[str, Any] = {}
        if like := own.get("like"):
            if like.text() not in self.entries:
                raise like.error(f"no earlier object is called {like.text()!r}")
            said = self.entries[like.text()] | own
            fields = dict(self.objects[like.text()].fields)
        if "model" not in said:
            raise entry.error("missing model (or like)")
        self.entries[name] = {
            key: value for key, value in said.items() if key not in {"like", "repeat", "fields"}
        }
        fields |= _values(own["fields"], self.objects) if "fields" in own else {}
        exists = self._audience(said["exists"]) if "exists" in said else frozenset(self.principals)
        opens = self._audience(said["opens"]) & exists if "opens" in said else exists
        listed = self._audience(said["listed"]) & opens if "listed" in said else opens
        model = said["model"].text()
        if "repeat" not in own:
            self._add(name, model, fields, entry, opens=opens, exists=exists, listed=listed)
            return
        for number in range(1, int(own["repeat"].plain()) + 1):
            numbered = fields | ({"order": fields["order"] + number} if "order" in fields else {})
            self._add(
                f"{name}-{number:02}", model, numbered, entry, opens=opens, exists=exists, listed=listed
            )

    def _add(
        self,
        name: str,
        model: str,
        fields: dict[str, Any],
        entry: Entry,
        *,
        opens: Audience,
        exists: Audience | None = None,
        listed: Audience | None = None,
    ) -> None:
        if name in self.objects:
            raise ContractError(self.path, entry.line, f"{name!r} stands twice")
        exists = frozenset(self.principals) if exists is None else exists
        groups = self.groups.get(model, {})
        clearance = {
            field: {"exists": exists, "opens": opens}.get(group)
            or self.audiences.get(group, frozenset()) & exists
            for group, names in groups.items()
            for field in names
        }
        self.objects[name] = WorldObject(
            name=name,
            model=model,
            fields=fields,
            exists=exists,
            opens=opens,
            listed=opens if listed is None else listed,
            clearance=clearance,
            promised=frozenset(groups.get("exists", [])) | frozenset(groups.get("opens", [])),
            line=entry.line,
        )


def _values(entry: Entry, objects: Mapping[str, WorldObject]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, node in entry.items():
        value = node.plain()
        if isinstance(value, str) and value.startswith("@"):
            if value[1:] not in objects:
                raise node.error(f"no earlier object is called {value[1:]!r}")
            value = Reference(value[1:])
        elif isinstance(value, str) and (match := re.fullmatch(r"([+-]\d+)([dhms])", value)):
            unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}[match[2]]
            value = FromNow(timedelta(**{unit: int(match[1])}))
        values[field] = value
    return values
