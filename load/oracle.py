"""Whether an answer under load is the promised one: the same promises as without load, asked of every answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coursegate.contracts.declassified import Declassified
from coursegate.harness.canaries import PREFIX, Canary
from coursegate.harness.world import World
from coursegate.load.people import PERSONAL, Person
from coursegate.load.rows import FAILED, OK, THROTTLED, WRONG

# Answers that are judged once and remembered: under load the same body comes back again and again.
MOST_REMEMBERED = 4000
LEAK, EMPTY, WITHHELD, MIXED_UP = "leak", "empty", "withheld", "mixed-up"


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        status: 0 where no answer came; `error` then says why.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @cached_property
    def json(self) -> Any:
        """The body as data, or None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Wanted:
    """What an answer must be.

    Attributes:
        statuses: those promised.
        shows: the token that a 200 must hold, "" for none.
        naming: key and value that a 200 must name, so that it is about what was asked for.
        rows_at: where the rows of a list stand that cannot be empty; None where there is no such list.
        empty: whether a success may have no body.
    """

    statuses: frozenset[int] = frozenset({200})
    shows: str = ""
    naming: tuple[str, str] | None = None
    rows_at: tuple[str, ...] | None = None
    empty: bool = False


@dataclass(frozen=True)
class Opinion:
    """Of one answer: OK, FAILED, THROTTLED or WRONG; then by which invariant."""

    outcome: str
    text: str = ""
    invariant: str = ""


_FINE = Opinion(OK)


class Oracle:
    """Judges answers; knows every canary of the world and whom it is for."""

    def __init__(self, world: World, declassified: Declassified) -> None:
        self.aviary = world.aviary
        self.contract = world.contract
        self.declassified = declassified
        self._known: dict[tuple[str, str, Wanted, int, bytes], Opinion] = {}

    def opinion(self, person: Person, operation: str, wanted: Wanted, reply: Reply) -> Opinion:
        """What an answer of an operation to a person is worth."""
        if reply.status == 0:
            return Opinion(FAILED, f"no answer: {reply.error}")
        place = (person.name, operation, wanted, reply.status, reply.body)
        found = self._known.get(place)
        if found is None:
            found = self._judged(person, operation, wanted, reply)
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[place] = found
        if found.outcome == OK and _may_hide_tokens(reply.headers):
            return self._leak(person, operation, b"", reply.headers) or found
        return found

    def _judged(self, person: Person, operation: str, wanted: Wanted, reply: Reply) -> Opinion:
        if leak := self._leak(person, operation, reply.body, reply.headers):
            return leak
        if reply.status == 429 and 429 not in wanted.statuses:
            return Opinion(THROTTLED, "429")
        if reply.status not in wanted.statuses:
            return Opinion(FAILED, f"{reply.status} where {_listed(wanted.statuses)} is promised")
        if reply.status not in (200, 201) or wanted.empty:
            return _FINE
        return _content(wanted, reply)

    def _leak(
        self, person: Person, operation: str, body: bytes, headers: Mapping[str, str]
    ) -> Opinion | None:
        seen = self.aviary.seen_in(body, headers)
        above = next((canary for canary in seen if not self._may_see(person, operation, canary)), None)
        if above is None:
            return None
        audience = ", ".join(sorted(above.clearance)) or "nobody"
        return Opinion(WRONG, f"{person.name} received the canary of {above}, which is for {audience}", LEAK)

    def _may_see(self, person: Person, operation: str, canary: Canary) -> bool:
        if person.may_see(canary):
            return True
        if canary.clearance and canary.model.startswith(PERSONAL) and self._owns(person, canary):
            return True
        readers = self.declassified.readers(operation, f"{canary.model}.{canary.field}", canary.object)
        return bool(readers & {person.name, person.principal})

    def _owns(self, person: Person, canary: Canary) -> bool:
        """Whether a stand-in is shown what is its own."""
        return self.contract.account_of(canary.object) == person.name


def _content(wanted: Wanted, reply: Reply) -> Opinion:
    if not isinstance(reply.json, (dict, list)) or not reply.json:
        return Opinion(
            WRONG, f"{reply.status} with {'an empty body' if not reply.body else 'no JSON'}", EMPTY
        )
    if wanted.rows_at is not None and not _rows(reply.json, wanted.rows_at):
        return Opinion(WRONG, f"{reply.status}, and a list that cannot be empty has no rows", EMPTY)
    if wanted.naming is not None:
        key, value = wanted.naming
        named = str(reply.json.get(key)) if isinstance(reply.json, dict) else "none"
        if named != value:
            return Opinion(WRONG, f"asked for {key} {value}, answered with {named[:60]}", MIXED_UP)
    if wanted.shows and wanted.shows[:PREFIX].encode() not in reply.body.lower():
        return Opinion(WRONG, "200 without the field that opens for the caller", WITHHELD)
    return _FINE


def _rows(found: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if not path and isinstance(found, dict):
        found = found.get("results")
    return found if isinstance(found, list) else None


def _may_hide_tokens(headers: Mapping[str, str]) -> bool:
    return any("zq" in value for value in headers.values())


def _listed(statuses: frozenset[int]) -> str:
    return " or ".join(map(str, sorted(statuses)))
