"""What shops may decide otherwise (`policy.yaml`), and the contract as it is under a team's decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursegate.contracts.access import ALLOWED, AccessContract, Cell, Outcome
from coursegate.contracts.openapi import ApiContract, Operation
from coursegate.contracts.reading import ContractError, Entry, read
from coursegate.contracts.standing import Change

# What a switch may make of a cell: none of it shows anything.
SWITCHED = frozenset(
    {Outcome.DENIED, Outcome.DONE, Outcome.CREATED, Outcome.CONFLICT, Outcome.INVALID, Outcome.UNKNOWN}
)


@dataclass(frozen=True)
class Decision:
    """What one position of a switch changes.

    Attributes:
        cells: id of a cell -> its outcomes.
        without: changes of standing that have no effect.
        later: operations whose effect (`x-effect`) comes later than their answer.
    """

    cells: Mapping[str, frozenset[Outcome]]
    without: frozenset[str]
    later: frozenset[str]


Switches = Mapping[str, Mapping[str, Decision]]


def load_policy(path: Path, api: ApiContract, access: AccessContract, standing: Sequence[Change]) -> Switches:
    """Read `policy.yaml`.

    Raises:
        ContractError: malformed, a cell, a change or an effect that there is not, or an outcome that would open something.
    """
    switches = read(path).mapping(required={"switches"}, optional=set())["switches"]
    return {
        name: {position: _decision(said, api, access, standing) for position, said in entry.items()}
        for name, entry in switches.items()
    }


def _decision(entry: Entry, api: ApiContract, access: AccessContract, standing: Sequence[Change]) -> Decision:
    said = entry.mapping(optional={"cells", "without-changes", "effect-later"})
    cells: dict[str, frozenset[Outcome]] = {}
    for row, by_whom in said["cells"].items() if "cells" in said else ():
        for principal, outcomes in by_whom.items():
            name = f"{row.replace(' ', '-')}/{principal}"
            if name not in access.cells:
                raise outcomes.error(f"the access table has no cell {name}")
            cells[name] = frozenset(map(Outcome, outcomes.text().split("|")))
            if not cells[name] <= SWITCHED:
                raise outcomes.error(
                    f"{name}: a switch may say {', '.join(sorted(SWITCHED))}, and nothing that opens"
                )
    without = frozenset(said["without-changes"].texts()) if "without-changes" in said else frozenset()
    if unknown := without - {change.name for change in standing}:
        raise said["without-changes"].error(f"no change of standing is called {min(unknown)!r}")
    later = frozenset(said["effect-later"].texts()) if "effect-later" in said else frozenset()
    if strange := {name for name in later if name not in api.operations or not api.operations[name].effect}:
        raise said["effect-later"].error(f"{min(strange)!r} is no operation with an x-effect")
    return Decision(cells, without, later)


def decisions(positions: Mapping[str, str], switches: Switches, path: Path) -> list[Decision]:
    """What a team has decided.

    Args:
        positions: switch -> position.
        path: where the team says so.

    Raises:
        ContractError: a switch, or a position of one, that there is not.
    """
    for name, position in positions.items():
        if name not in switches:
            raise ContractError(path, 0, f"[policy] {name!r} is no switch; there are {', '.join(switches)}")
        if position not in switches[name]:
            known = ", ".join(switches[name])
            raise ContractError(path, 0, f"[policy] {name} = {position!r}: it can be {known}, or left out")
    return [switches[name][position] for name, position in positions.items()]


def decided(
    made: Sequence[Decision], api: ApiContract, access: AccessContract, standing: tuple[Change, ...]
) -> tuple[ApiContract, AccessContract, tuple[Change, ...]]:
    """The operations, the table and the changes of standing under a team's decisions."""
    cells, operations = dict(access.cells), dict(api.operations)
    for decision in made:
        cells |= {key: replace(cells[key], outcomes=outcomes) for key, outcomes in decision.cells.items()}
        operations |= {name: _later(operations[name]) for name in decision.later}
        standing = tuple(change for change in standing if change.name not in decision.without)
    return replace(api, operations=operations), replace(access, cells=_with_twins(cells)), standing


def _later(operation: Operation) -> Operation:
    """An operation whose effect may be there at once, where nothing is left to wait for, and need not be."""
    return replace(operation, effect={}, touches=operation.touches | operation.effect.keys())


def _with_twins(cells: dict[str, Cell]) -> dict[str, Cell]:
    """Every refusal with a control that is still let in: its own one, else one of its operation or about its subject."""
    return {
        key: cell if _is_controlled(cell, cells) else _controlled(cell, cells) for key, cell in cells.items()
    }


def _is_controlled(cell: Cell, cells: Mapping[str, Cell]) -> bool:
    if cell.allows:
        return not cell.twin
    return bool(cell.twin) and cells[cell.twin].allows


def _controlled(cell: Cell, cells: Mapping[str, Cell]) -> Cell:
    if cell.allows:
        return replace(cell, twin="")
    resource = cell.operation.partition(".")[0]
    about = [
        other
        for other in cells.values()
        if other.outcomes <= ALLOWED and other.operation.partition(".")[0] == resource
    ]
    near = [other for other in about if other.operation == cell.operation or other.subject == cell.subject]
    nearest = min(
        near, key=lambda other: (other.row != cell.row, other.operation != cell.operation), default=None
    )
    return replace(cell, twin=nearest.id if nearest else cell.twin)
