"""The access table: who may do what (`access.yaml`), as typed rows and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from coursegate.contracts.declassified import Declassified
from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import ContractError, Entry, read
from coursegate.contracts.world import WorldContract


class Outcome(StrEnum):
    """What a cell may promise; the meaning of each stands at the head of `access.yaml`."""

    FULL = "full"
    LOCKED = "locked"
    FILTERED = "filtered"
    HIDDEN = "hidden"
    DENIED = "denied"
    LOGIN = "login"
    CREATED = "created"
    DONE = "done"
    INVALID = "invalid"
    CONFLICT = "conflict"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    IGNORED = "ignored"


# Subjects of operations that name none in their path: none at all, or the caller's own row.
NOTHING, SELF = "nothing", "self"
ALLOWED = frozenset({Outcome.FULL, Outcome.FILTERED, Outcome.CREATED, Outcome.DONE})


@dataclass(frozen=True)
class Cell:
    """One promise: this operation, on this subject, asked by this principal, ends like this.

    Attributes:
        id: made of the content, stable for ever: `operation/subject/principal`.
        variant: the named example of the request body, or "" for the first.
        twin: id of the allowed cell without which a refusal here proves nothing; "" for allowed cells.
    """

    id: str
    operation: str
    subject: str
    variant: str
    principal: str
    outcomes: frozenset[Outcome]
    sources: tuple[str, ...]
    twin: str
    line: int

    @property
    def expected(self) -> str:
        return "|".join(sorted(self.outcomes))

    @property
    def allows(self) -> bool:
        return bool(self.outcomes & ALLOWED)

    @property
    def certain(self) -> bool:
        """Whether it must be allowed, not only may."""
        return self.outcomes <= ALLOWED

    @property
    def row(self) -> str:
        return self.id.rsplit("/", 1)[0]


@dataclass(frozen=True)
class AccessContract:
    path: Path
    principals: tuple[str, ...]
    cells: Mapping[str, Cell]

    def row(self, cell: Cell) -> list[Cell]:
        """All cells of the row of `cell`, in the order of the columns."""
        return list(self._rows[cell.row])

    @cached_property
    def _rows(self) -> Mapping[str, Sequence[Cell]]:
        rows: dict[str, list[Cell]] = {}
        for cell in self.cells.values():
            rows.setdefault(cell.row, []).append(cell)
        return rows


def load_access(
    path: Path, api: ApiContract, world: WorldContract, declassified: Declassified
) -> AccessContract:
    """Read `access.yaml` against the operations and objects that exist.

    Raises:
        ContractError: malformed, duplicate or unknown entries; a cell that contradicts `world.yaml`; a refusal
            that no allowed cell controls.
    """
    root = read(path).mapping(required={"columns", "rows"}, optional=set())
    columns = tuple(root["columns"].texts())
    if columns != world.principals:
        raise root["columns"].error(
            f"the columns must be the principals of {world.path.name}: {', '.join(world.principals)}"
        )
    cells: dict[str, Cell] = {}
    for operation, rows in root["rows"].items():
        if operation not in api.operations:
            raise rows.error(f"no operation of {api.path.name} is called {operation!r}")
        for label, entry in rows.items():
            for cell in _row(operation, label, entry, api, world, cells):
                if complaint := _contradiction(cell, world, declassified):
                    raise entry.error(f"{cell.id}: {complaint}")
                cells[cell.id] = cell
    if unasked := api.operations.keys() - set(root["rows"].mapping()):
        raise root["rows"].error(f"no row asks {', '.join(sorted(unasked))} of {api.path.name}")
    for cell in cells.values():
        if cell.twin and not (cell.twin in cells and cells[cell.twin].allows):
            raise ContractError(path, cell.line, f"the twin {cell.twin!r} is no allowed cell")
    return AccessContract(path, columns, cells)


def _row(
    operation: str,
    label: str,
    entry: Entry,
    api: ApiContract,
    world: WorldContract,
    earlier: Mapping[str, Cell],
) -> Iterator[Cell]:
    said = entry.mapping(required={"cells", "source"}, optional={"twin"})
    subject, _, variant = label.partition(" with ")
    _check_subject(api, operation, subject, variant, entry, world)
    outcomes = [outcomes_of(node) for node in said["cells"].sequence()]
    if len(outcomes) != len(world.principals):
        raise said["cells"].error(f"{len(outcomes)} cells for {len(world.principals)} principals")
    prefix = f"{operation}/{label.replace(' ', '-')}"
    twin = _twin(prefix, f"{operation}/{subject}", outcomes, said.get("twin"), entry, world, earlier)
    for principal, outcome in zip(world.principals, outcomes, strict=True):
        yield Cell(
            id=f"{prefix}/{principal}",
            operation=operation,
            subject=subject,
            variant=variant,
            principal=principal,
            outcomes=outcome,
            sources=tuple(said["source"].texts()),
            line=entry.line,
            twin="" if outcome & ALLOWED else twin,
        )


def _check_subject(
    api: ApiContract, operation: str, subject: str, variant: str, entry: Entry, world: WorldContract
) -> None:
    collection = api.operations[operation].collection
    if collection:
        if subject != collection:
            raise entry.error(f"{operation} lists {collection!r}; its subject cannot be {subject!r}")
    elif subject not in world.objects and (
        subject not in {NOTHING, SELF} or api.operations[operation].lookup
    ):
        raise entry.error(f"no object of {world.path.name} is called {subject!r}")
    if variant and variant not in api.operations[operation].bodies:
        raise entry.error(f"the request body of {operation} has no example {variant!r}")


def outcomes_of(entry: Entry) -> frozenset[Outcome]:
    """What a cell may promise, joined by `|`.

    Raises:
        ContractError: one of them is no outcome.
    """
    try:
        return frozenset(Outcome(word) for word in entry.text().split("|"))
    except ValueError:
        raise entry.error(f"{entry.text()!r} is no outcome; there are {', '.join(Outcome)}") from None


def _twin(
    prefix: str,
    base: str,
    outcomes: list[frozenset[Outcome]],
    named: Entry | None,
    entry: Entry,
    world: WorldContract,
    earlier: Mapping[str, Cell],
) -> str:
    """The control of a row's refusals: named, else the row's own first allowed cell; for a variant that of the plain body."""
    if named is not None:
        return named.text()
    own = [(f"{prefix}/{who}", outcome) for who, outcome in zip(world.principals, outcomes, strict=True)]
    plain = [(cell.id, cell.outcomes) for cell in earlier.values() if cell.row == base]
    # Who must be let in is a better control than who may be.
    candidates = own if prefix == base else plain + own
    for allows in (ALLOWED.issuperset, ALLOWED.intersection):
        if found := next((name for name, outcome in candidates if allows(outcome)), ""):
            return found
    raise entry.error("nobody is allowed in this row, so its refusals prove nothing: name a `twin`")


def _contradiction(cell: Cell, world: WorldContract, declassified: Declassified) -> str:
    """Why the cell cannot be meant, where `world.yaml` says the opposite about a read; "" where they agree."""
    item = world.objects.get(cell.subject)
    if item is None or len(cell.outcomes) > 1:
        return ""
    shown = cell.principal in declassified.readers(cell.operation, item.model, item.name)
    exists, opens = shown or cell.principal in item.exists, shown or cell.principal in item.opens
    match next(iter(cell.outcomes)):
        case Outcome.FULL if not opens:
            return f"says full, but {cell.subject} does not open for {cell.principal}"
        case Outcome.LOCKED if opens or not exists:
            return f"says locked, but {cell.subject} {'opens for' if opens else 'does not exist for'} {cell.principal}"
        case Outcome.HIDDEN if exists:
            return f"says hidden, but {cell.subject} exists for {cell.principal}"
    return ""
