"""The seeded world as data: who and what exists, and whom each part of it is for (`world.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coursegate.contracts.reading import ContractError, Entry, read
from coursegate.contracts.world_values import Copy, Reference, named, values_of

Audience = frozenset[str]

USER, PROFILE, SUBSCRIPTION = "users.CustomUser", "users.Profile", "users.Subscription"
COURSE, INSTRUCTOR = "courses.Course", "instructor_portal.CourseInstructor"
GUEST = "guest"
# How many times the part of the world that grows may be there.
SIZES = (1, 10, 100)
STAFF: Audience = frozenset({"staff"})


@dataclass(frozen=True)
class WorldObject:
    """One row that the world must hold.

    Attributes:
        fields: declared state; values are plain data, `Reference` or `FromNow`.
        exists: principals who may know of it.
        opens: principals who may see what it sells.
        listed: those of them who must find it in lists.
        clearance: field that carries a canary -> principals who may read it; none that `fields` gives a value.
        promised: those of them that a `full` answer must hold -> for whom; to others it may show them.
        grown: whether it is there only because the world is larger than 1x.
        dispensable: whether a database may keep such a row out: then nobody can be shown it.
        promise: what of the contract says whom it opens for, where that is not what other objects of its kind go by.
    """

    name: str
    model: str
    fields: Mapping[str, Any]
    exists: Audience
    opens: Audience
    listed: Audience
    clearance: Mapping[str, Audience]
    promised: Mapping[str, Audience]
    line: int
    grown: bool = False
    dispensable: bool = False
    promise: str = ""

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
    size: int
    principals: tuple[str, ...]
    objects: Mapping[str, WorldObject]
    closed_keys: Mapping[str, Audience]
    counts: Mapping[str, Mapping[str, Count]]

    def of_model(self, model: str) -> Iterator[WorldObject]:
        return (item for item in self.objects.values() if item.model == model)

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        """Every object that an object hangs below; parents are built before their children."""
        found: dict[str, frozenset[str]] = {}
        for item in self.objects.values():
            found[item.name] = frozenset(item.parents).union(*(found[name] for name in item.parents))
        return found

    def within(self, item: WorldObject, ancestor: str) -> bool:
        """Whether `item` hangs below `ancestor`, over any number of parents."""
        return ancestor in self._above[item.name]

    @cached_property
    def _accounts(self) -> Mapping[str, str]:
        users = {item.name for item in self.of_model(USER)}
        return {
            name: name if name in users else min(users & above, default="")
            for name, above in self._above.items()
        }

    def account_of(self, name: str) -> str:
        """The account that an object is, or hangs below; "" where there is none."""
        return self._accounts.get(name, "")

    def course_of(self, item: WorldObject) -> str:
        """The course an object is, or hangs below; "" where there is none."""
        if item.model == COURSE:
            return item.name
        above = (self.course_of(self.objects[name]) for name in item.parents)
        return next((name for name in above if name), "")

    def teachers(self, course: str) -> Audience:
        """Who may work on a course: its active instructors, and staff."""
        teaching = (item.fields for item in self.of_model(INSTRUCTOR) if item.fields.get("is_active"))
        return STAFF | {
            fields["instructor"].name for fields in teaching if fields["course"] == Reference(course)
        }


def load_world(path: Path, size: int = 1) -> WorldContract:
    """Read `world.yaml`; of every `repeat` that grows as many objects as it says for each time the world is larger.

    Raises:
        ContractError: anything malformed, unknown, or said twice.
    """
    root = read(path).mapping(
        required={"audiences", "protected", "principals", "objects"},
        optional={"closed_keys", "counts", "bystanders"},
    )
    return _Reader(path, root, size).world()


KEYS = {"like", "model", "fields", "exists", "opens", "listed", "repeat", "grows", "dispensable", "promise"}


class _Reader:
    """One pass over the file; holds what later sections refer to."""

    def __init__(self, path: Path, root: dict[str, Entry], size: int) -> None:
        self.path, self.root, self.size = path, root, size
        self.principals = tuple(root["principals"].mapping())
        self.audiences = {name: self._named(entry) for name, entry in root["audiences"].items()}
        self.groups = {model: self._groups(entry) for model, entry in root["protected"].items()}
        self.objects: dict[str, WorldObject] = {}
        self.entries: dict[str, dict[str, Entry]] = {}
        self.fields: dict[str, dict[str, Entry]] = {}
        self.repeated: dict[str, int] = {}

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
            size=self.size,
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
        """An audience by name, or a list of names of audiences and principals."""
        members = entry.sequence() if entry.is_sequence else [entry]
        return frozenset(name for member in members for name in self._members(member))

    def _members(self, entry: Entry) -> Audience:
        name = entry.text()
        if name not in self.audiences and name not in self.principals:
            raise entry.error(
                f"no audience is called {name!r}, nor a principal; there are {', '.join(self.audiences)}"
            )
        return self.audiences.get(name) or frozenset({name} & set(self.principals))

    def _groups(self, entry: Entry) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for group, fields in entry.items():
            if group not in {"exists", "opens", "listed", *self.audiences}:
                raise fields.error(f"{group!r} is neither `exists`, `opens`, `listed` nor an audience")
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
        said = entry.mapping(required={"user", "subscription"}, optional={"profile"})
        private = frozenset(own) | self.audiences.get("staff", frozenset())
        user = {"user": Reference(name)}
        self._add(name, USER, self._values(said["user"].mapping()), entry, opens=private)
        subscription = user | self._values(said["subscription"].mapping())
        profile = user | (self._values(said["profile"].mapping()) if "profile" in said else {})
        for suffix, model, fields in (
            ("profile", PROFILE, profile),
            ("subscription", SUBSCRIPTION, subscription),
        ):
            self._add(
                f"{name}-{suffix}", model, fields, entry, opens=private, exists=private, listed=frozenset(own)
            )

    def _object(self, name: str, entry: Entry) -> None:
        own = entry.mapping(optional=KEYS)
        said = dict(own)
        fields: dict[str, Entry] = {}
        if like := own.get("like"):
            if like.text() not in self.entries:
                raise like.error(f"no earlier object is called {like.text()!r}")
            said = self.entries[like.text()] | own
            fields = self.fields[like.text()]
        if "model" not in said:
            raise entry.error("missing model (or like)")
        self.entries[name] = {
            key: value
            for key, value in said.items()
            if key not in {"like", "repeat", "grows", "fields", "dispensable"}
        }
        self.fields[name] = fields | (own["fields"].mapping() if "fields" in own else {})
        exists = self._audience(said["exists"]) if "exists" in said else frozenset(self.principals)
        opens = self._audience(said["opens"]) & exists if "opens" in said else exists
        listed = self._audience(said["listed"]) & opens if "listed" in said else opens
        model = said["model"].text()
        audiences: dict[str, Any] = {"opens": opens, "exists": exists, "listed": listed}
        audiences["promise"] = own["promise"].text() if "promise" in own else ""
        if "repeat" not in own:
            if "grows" in own:
                raise own["grows"].error("only what is repeated grows: say `repeat`")
            audiences["dispensable"] = "dispensable" in own and own["dispensable"].plain() is True
            self._add(name, model, self._values(self.fields[name]), entry, **audiences)
            return
        at_once, grows = own["repeat"].number(least=1), "grows" in own and own["grows"].plain() is True
        self.repeated[name] = at_once * (self.size - 1 if grows else 1)
        for number in range(1, self.repeated[name] + 1):
            values = self._values(self.fields[name], Copy.numbered(number, at_once, grows=grows))
            self._add(named(name, number), model, values, entry, grown=grows, **audiences)

    def _values(self, fields: Mapping[str, Entry], copy: Copy | None = None) -> dict[str, Any]:
        return values_of(fields, self.objects, self.repeated, copy)

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
        grown: bool = False,
        dispensable: bool = False,
        promise: str = "",
    ) -> None:
        if name in self.objects:
            raise ContractError(self.path, entry.line, f"{name!r} stands twice")
        exists = frozenset(self.principals) if exists is None else exists
        listed = opens if listed is None else listed
        of_fields = [
            (field, group)
            for group, names in self.groups.get(model, {}).items()
            for field in names
            if field not in fields
        ]
        promised = {"exists": exists, "opens": opens, "listed": listed}
        cleared = promised | {"listed": opens}
        self.objects[name] = WorldObject(
            name=name,
            model=model,
            fields=fields,
            exists=exists,
            opens=opens,
            listed=listed,
            clearance={
                field: cleared.get(group) or self.audiences.get(group, frozenset()) & exists
                for field, group in of_fields
            },
            promised={field: promised[group] for field, group in of_fields if group in promised},
            line=entry.line,
            grown=grown,
            dispensable=dispensable,
            promise=promise,
        )
