"""The world as it was really built in a target: ids, accounts, canaries, and what could not be built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coursegate.contracts.openapi import DRAFTS, Operation
from coursegate.contracts.world import GUEST, Audience, WorldContract, WorldObject
from coursegate.harness.canaries import Aviary, Canary

DEFAULT_SEED = "coursegate"
# The columns, besides the key, that a path or a request body may name a row by.
LOOKUPS = ("slug", "certificate_number")
# The file with the world that a process is to put in place instead of building one.
KEPT_VARIABLE = "COURSEGATE_KEPT_WORLD"
# How the reason begins of an object that is missing only because another one is.
NEEDS = "needs"
# So begins why a row is missing that a database may keep out.
KEPT_OUT = "kept out"


@dataclass(frozen=True)
class Account:
    email: str
    password: str


@dataclass
class World:
    """What exists in the target now.

    Attributes:
        ids: object -> primary key.
        lookups: object -> attribute that a path or body may name it by -> value.
        planted: object -> field -> token really stored there.
        inside: object -> field -> token in the contents of the file stored there, where its name does not hold it.
        missing: object -> why it could not be built.
        faults: what the target's own save() did wrong although the row could be stored.
        hanging: model, or `deleting` a model -> how that came to no end: it is not waited for once more.
        existing: model -> keys of rows that were there before us.
        notes: what had to be done differently, for the report.
    """

    contract: WorldContract
    seed: str
    aviary: Aviary = field(default_factory=Aviary)
    ids: dict[str, Any] = field(default_factory=dict)
    lookups: dict[str, dict[str, str]] = field(default_factory=dict)
    planted: dict[str, dict[str, str]] = field(default_factory=dict)
    inside: dict[str, dict[str, str]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    hanging: dict[str, str] = field(default_factory=dict)
    existing: dict[str, set[Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def plant(self, item: WorldObject, name: str, token: str, *, inside: bool = False) -> None:
        """Note that a field of an object really holds a token."""
        (self.inside if inside else self.planted).setdefault(item.name, {})[name] = token
        self.aviary.add(Canary(token, item.name, item.model, name, item.clearance[name]))

    def rows_for(self, model: str, principal: str) -> dict[Any, str]:
        """Primary key -> name of the built rows of a model that open for a principal."""
        return self._ids(item for item in self.contract.of_model(model) if principal in item.opens)

    def listable(self, operation: Operation, principal: str) -> dict[Any, str]:
        """Primary key -> name of the built rows that a list may show to a principal."""
        return self._ids(
            item
            for item in self.contract.of_model(operation.model)
            if principal in self._shown_to(item, operation.area)
            and all(item.fields.get(name) == value for name, value in operation.where.items())
        )

    def may_be_left_out(self, operation: Operation, name: str) -> bool:
        """Whether a list may do without a row that it may show: what is published needs not stand among the drafts."""
        return operation.area == DRAFTS and GUEST in self.contract.objects[name].exists

    def _shown_to(self, item: WorldObject, area: str) -> Audience:
        if not area:
            return item.opens
        return self.contract.teachers(self.contract.course_of(item))

    def path_of(self, operation: Operation, subject: str) -> str:
        """The path of an operation about an object of the world; what is none of them stands in it as it is."""
        return operation.path_for(self.lookups.get(subject, {}).get(operation.attribute, subject))

    def rows_of(self, model: str) -> dict[Any, str]:
        return self._ids(self.contract.of_model(model))

    def counted(self, model: str, below: str, principal: str) -> int:
        """How many built rows of a model below an object open for a principal."""
        rows = self.rows_for(model, principal).values()
        return sum(self.contract.within(self.contract.objects[name], below) for name in rows)

    def kept_out(self, name: str) -> str:
        """How the database keeps such a row out, as it may; "" where it does not."""
        return reason if (reason := self.why_missing(name)).startswith(KEPT_OUT) else ""

    def why_missing(self, name: str) -> str:
        """Why an object of the world is not there; "" where it is."""
        return self.missing.get(name, "")

    def _ids(self, items: Any) -> dict[Any, str]:
        names: list[WorldObject] = list(items)
        return {self.ids[item.name]: item.name for item in names if item.name in self.ids}
