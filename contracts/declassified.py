"""What may be seen although it is closed elsewhere, and what hidden rows may influence (`declassified.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursegate.contracts.columns import Columns
from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import Entry, read
from coursegate.contracts.world import Audience, WorldContract


@dataclass(frozen=True)
class Show:
    """An operation that shows more than the world opens.

    Attributes:
        what: `app.Model.field`, or `app.Model` for the row itself.
        keys: response keys that are closed elsewhere.
        objects: the objects it is limited to; empty for all.
    """

    operations: frozenset[str]
    what: frozenset[str]
    keys: frozenset[str]
    objects: frozenset[str]
    to: Audience
    reason: str


@dataclass(frozen=True)
class Flow:
    """What may depend on hidden rows, in operations whose id starts like one of the prefixes.

    Attributes:
        keys: of the response.
        counted: models whose rows are counted, hidden ones too, so that as many of them may be fetched.
    """

    keys: frozenset[str]
    counted: frozenset[str]
    operations: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Declassified:
    """All of it.

    Attributes:
        counters: what a read may write, `app.Model.column` or all of `app.Model`.
        columns: what there is to write that is not a backend's own.
    """

    shows: tuple[Show, ...] = ()
    flows: tuple[Flow, ...] = ()
    counters: frozenset[str] = frozenset()
    columns: Columns = field(default_factory=Columns)

    def undeclared(self, written: Iterable[str] | None) -> frozenset[str]:
        """Of what a read or a refused request wrote, what it may not: neither a counter nor a backend's own."""
        spoken_of = self.columns.spoken_of(written or ())
        return frozenset(what for what in spoken_of if not {what, what.rpartition(".")[0]} & self.counters)

    def readers(self, operation: str, what: str, item: str) -> Audience:
        """Who may see a field (`app.Model.field`) or row (`app.Model`) of an object here, besides those it opens for."""
        return self._union(
            show.to
            for show in self.shows
            if operation in show.operations
            and what in show.what
            and (not show.objects or item in show.objects)
        )

    @property
    def everywhere(self) -> frozenset[str]:
        """The keys of the response that may depend on hidden rows in every operation."""
        return frozenset(key for flow in self.flows if "" in flow.operations for key in flow.keys)

    def flows_into(self, operation: str) -> Iterator[Flow]:
        """The flows that are declared for an operation."""
        return (flow for flow in self.flows if operation.startswith(flow.operations))

    def readers_of_key(self, operation: str, key: str) -> Audience:
        return self._union(
            show.to for show in self.shows if operation in show.operations and key in show.keys
        )

    def _union(self, audiences: Iterator[Audience]) -> Audience:
        return frozenset(name for audience in audiences for name in audience)


def load_declassified(path: Path, api: ApiContract, world: WorldContract) -> Declassified:
    """Read `declassified.yaml` against the operations, objects and principals that exist.

    Raises:
        ContractError: malformed, or something of that name does not exist.
    """
    root = read(path).mapping(required={"shows", "flows", "counters"}, optional=set())
    shows = tuple(_show(entry, api, world) for entry in root["shows"].sequence())
    flows = tuple(_flow(entry, api) for entry in root["flows"].sequence())
    return Declassified(shows, flows, frozenset(root["counters"].texts()))


def _show(entry: Entry, api: ApiContract, world: WorldContract) -> Show:
    said = entry.mapping(required={"operations", "reason"}, optional={"what", "keys", "objects", "to"})
    for node in said["operations"].sequence():
        if node.text() not in api.operations:
            raise node.error(f"no operation is called {node.text()!r}")
    for node in said["objects"].sequence() if "objects" in said else ():
        if node.text() not in world.objects:
            raise node.error(f"no object of the world is called {node.text()!r}")
    for node in said["to"].sequence() if "to" in said else ():
        if node.text() not in world.principals:
            raise node.error(f"no principal is called {node.text()!r}")
    for node in said["keys"].sequence() if "keys" in said else ():
        if node.text() not in world.closed_keys:
            raise node.error(f"{node.text()!r} is not closed anywhere")
    return Show(
        operations=frozenset(said["operations"].texts()),
        what=_texts(said, "what"),
        keys=_texts(said, "keys"),
        objects=_texts(said, "objects"),
        to=_texts(said, "to") or frozenset(world.principals),
        reason=said["reason"].text(),
    )


def _flow(entry: Entry, api: ApiContract) -> Flow:
    said = entry.mapping(required={"operations", "reason"}, optional={"keys", "counted"})
    for node in said["operations"].sequence():
        if not any(name.startswith(node.text()) for name in api.operations):
            raise node.error(f"no operation starts with {node.text()!r}")
    return Flow(
        _texts(said, "keys"),
        _texts(said, "counted"),
        tuple(said["operations"].texts()),
        said["reason"].text(),
    )


def _texts(said: dict[str, Entry], key: str) -> frozenset[str]:
    return frozenset(said[key].texts()) if key in said else frozenset()
