"""What shops may decide otherwise (`policy.yaml`), and the contract as it is under a team's decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursegate.contracts.access import ALLOWED, AccessContract, Cell, Outcome
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
    """

    cells: Mapping[str, frozenset[Outcome]]
    without: frozenset[str]


Switches = Mapping[str, Mapping[str, Decision]]


def load_policy(path: Path, access: AccessContract, standing: Sequence[Change]) -> Switches:
    """Read `policy.yaml`.

    Raises:
        ContractError: malformed, a cell or a change that there is not, or an outcome that would open something.
    """
    switches = read(path).mapping(required={"switches"}, optional=set())["switches"]
    return {
        name: {position: _decision(said, access, standing) for position, said in entry.items()}
        for name, entry in switches.items()
    }


def _decision(entry: Entry, access: AccessContract, standing: Sequence[Change]) -> Decision:
    said = entry.mapping(optional={"cells", "without-changes"})
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
    return Decision(cells, without)


def decided(
    positions: Mapping[str, str],
    switches: Switches,
    access: AccessContract,
    standing: tuple[Change, ...],
    path: Path,
) -> tuple[AccessContract, tuple[Change, ...]]:
    """The table and the changes of standing under a team's decisions.

    Args:
        positions: switch -> position.
        path: where the team says so.

    Raises:
        ContractError: a switch, or a position of one, that there is not.
    """
    cells = dict(access.cells)
    for name, position in positions.items():
        if name not in switches:
            raise ContractError(path, 0, f"[policy] {name!r} is no switch; there are {', '.join(switches)}")
        if position not in switches[name]:
            known = ", ".join(switches[name])
            raise ContractError(path, 0, f"[policy] {name} = {position!r}: it can be {known}, or left out")
        decision = switches[name][position]
        cells |= {key: replace(cells[key], outcomes=outcomes) for key, outcomes in decision.cells.items()}
        standing = tuple(change for change in standing if change.name not in decision.without)
    return replace(access, cells=_with_twins(cells)), standing


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
