"""The checks of this room: every cell of the access table that a change of standing changes."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from coursegate.contracts.access import SELF, Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.contracts.standing import Change
from coursegate.contracts.world import WorldContract
from coursegate.harness.checks import Check
from coursegate.suites.standing.aftermath import contract_after

REFUSED = frozenset({Outcome.LOGIN, Outcome.DENIED})
# An object's standing is the same for all who are strangers to it: without an account, with one, at another course's desk.
ASKED_AS = ("guest", "registered", "peer", "owner")


@dataclass(frozen=True)
class StandingCheck(Check):
    """A cell that is asked before and after a change.

    Attributes:
        before: what the table says while nothing has changed.
        after: what it says from then on; its principal is the one as whom the caller is answered.
    """

    change: Change
    before: Cell
    after: Cell


def checks(contract: Contract) -> list[StandingCheck]:
    return [check for change in contract.standing for check in _checks(change, contract)]


def _checks(change: Change, contract: Contract) -> Iterator[StandingCheck]:
    if change.becomes:
        pairs = _becoming(change, contract)
    elif change.refused:
        pairs = _refused(change, contract)
    else:
        pairs = _resembling(change, contract)
    for before, after in (*pairs, *_answering(change, contract)):
        yield StandingCheck(
            id=f"standing/{change.name}/{before.id}",
            operation=before.operation,
            principal=before.principal,
            subject=before.subject,
            expected=f"{before.expected}, then {after.expected}",
            sources=change.sources,
            change=change,
            before=before,
            after=after,
        )


def _becoming(change: Change, contract: Contract) -> Iterator[tuple[Cell, Cell]]:
    """One row of each operation in which the two columns differ, but for what belongs to either account."""
    alike: dict[str, tuple[Cell, Cell]] = {}
    seen, personal = set(change.apart), _personal(contract.world)
    for cell in _plain(contract, change.who):
        other = replace(contract.access.cells[f"{cell.row}/{change.becomes}"], id=cell.id)
        if cell.operation in seen or _is_own(cell, change, contract, personal):
            continue
        if cell.outcomes != other.outcomes:
            seen.add(cell.operation)
            yield cell, other
        elif _sees_other(Sight(contract, contract.world, cell), Sight(contract, contract.world, other)):
            alike.setdefault(cell.operation, (cell, other))
    # Where the outcome is the same in every row, what the answer holds is not.
    yield from (pair for operation, pair in alike.items() if operation not in seen)


def _refused(change: Change, contract: Contract) -> Iterator[tuple[Cell, Cell]]:
    """One row of each operation that looks at credentials, in which the account is let in."""
    seen = set(change.apart)
    for cell in _plain(contract, change.who):
        takes_credentials = contract.api.operations[cell.operation].takes_credentials
        if cell.certain and takes_credentials and cell.operation not in seen:
            seen.add(cell.operation)
            yield cell, replace(cell, outcomes=REFUSED)


def _resembling(change: Change, contract: Contract) -> Iterator[tuple[Cell, Cell]]:
    """Rows about an object, where the row about the one it resembles says otherwise; and whatever shows it besides."""
    world, after = contract.world, contract_after(contract.world, change)
    below = {
        item.name for item in world.objects.values() if any(world.within(item, name) for name in change.like)
    }
    for cell in (cell for who in ASKED_AS for cell in _plain(contract, who)):
        if cell.id in change.answers or cell.operation in change.apart:
            continue
        if cell.subject in below - change.like.keys():
            continue  # of what hangs below, the table has no row that says how it is answered then
        if alike := change.like.get(cell.subject):
            other = contract.access.cells.get(f"{cell.operation}/{alike}/{cell.principal}")
            if other and other.outcomes != cell.outcomes:
                yield cell, replace(cell, outcomes=other.outcomes)
        elif _sees_other(Sight(contract, world, cell), Sight(contract, after, cell)):
            yield cell, cell


def _answering(change: Change, contract: Contract) -> Iterator[tuple[Cell, Cell]]:
    """The cells of which the change itself says how they are answered from then on."""
    for name, outcomes in change.answers.items():
        cell = contract.access.cells[name]
        yield cell, replace(cell, outcomes=outcomes)


def _plain(contract: Contract, principal: str) -> Iterator[Cell]:
    return (
        cell for cell in contract.access.cells.values() if cell.principal == principal and not cell.variant
    )


def _personal(world: WorldContract) -> set[str]:
    """The models of which rows belong to accounts."""
    return {item.model for item in world.objects.values() if world.account_of(item.name)}


def _is_own(cell: Cell, change: Change, contract: Contract, personal: Container[str]) -> bool:
    """Whether the row speaks of something that belongs to one of the two accounts, or lists or makes such rows."""
    world, operation = contract.world, contract.api.operations[cell.operation]
    if cell.subject == SELF or world.account_of(cell.subject) in {change.who, change.becomes}:
        return True
    return operation.creates in personal or bool(operation.collection and operation.model in personal)


@dataclass(frozen=True)
class Sight:
    """What a cell may show of the world."""

    contract: Contract
    world: WorldContract
    cell: Cell


def _sees_other(before: Sight, after: Sight) -> bool:
    """Whether a read that stays open shows other things from then on: other rows of a list, less below its subject."""
    operation = before.contract.api.operations[before.cell.operation]
    if not operation.is_safe or before.cell.outcomes not in ({Outcome.FILTERED}, {Outcome.FULL}):
        return False
    if operation.collection:
        return _opening(before, operation.model) != _opening(after, operation.model)
    return before.cell.subject in before.world.objects and _below(before) != _below(after)


def _opening(sight: Sight, model: str) -> set[str]:
    return {item.name for item in sight.world.of_model(model) if sight.cell.principal in item.opens}


def _below(sight: Sight) -> set[tuple[str, str]]:
    """The protected fields below the subject that the principal may read."""
    return {
        (item.name, field)
        for item in sight.world.objects.values()
        if item.clearance
        and sight.world.within(item, sight.cell.subject)
        and not sight.world.account_of(item.name)
        for field, clearance in item.clearance.items()
        if sight.cell.principal in clearance
    }
