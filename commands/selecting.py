"""What a run was asked for, held against the contract: which checks are kept, and which may not block it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches

import pytest

from coursegate.commands.declared import allowed_by, declared_checks
from coursegate.commands.run_options import RunOptions
from coursegate.contracts.contract import Contract, load_contract
from coursegate.contracts.findings import NoSuchFinding, about, find
from coursegate.contracts.reading import ContractError
from coursegate.contracts.releases import load_release
from coursegate.harness.session import Selection, is_below
from coursegate.suites.rooms import SUITES


def selection_of(options: RunOptions, contract: Contract) -> Selection:
    """The selection, with the findings that were named and those about the files that were.

    Raises:
        pytest.UsageError: an operation, principal, check, finding or file of which the contract says nothing, or no release.
    """
    known = {cell.operation for cell in contract.access.cells.values()}
    for option, given, names in (
        ("--operation", options.selection.operations, known),
        ("--principal", options.selection.principals, set(contract.world.principals)),
    ):
        if unknown := given - names:
            raise pytest.UsageError(
                f"{option} {min(unknown)!r} is not in the access table; there are {', '.join(sorted(names))}"
            )
    _hold_checks(options.selection.checks, contract)
    try:
        named = {find(contract.findings, name).id for name in options.findings}
        named |= {finding.id for file in options.files for finding in about(contract.findings, file)}
    except NoSuchFinding as problem:
        raise pytest.UsageError(str(problem)) from None
    left_out = newer_than(options.release) if options.release else frozenset()
    return replace(options.selection, findings=frozenset(named), left_out=left_out)


def _hold_checks(names: Collection[str], contract: Contract) -> None:
    """Refuse what is no check, nor the beginning of one; of routes the target has its own, besides."""
    known = declared_checks(contract) if names else {}
    for name in sorted(names):
        if name.startswith("inventory/") or any(is_below(check, name) for check in known):
            continue
        begun = [check for check in known if check.startswith(name)][:3]
        near = begun or get_close_matches(name, known, n=3) or get_close_matches(name, SUITES, n=3) or SUITES
        raise pytest.UsageError(
            f"--check {name!r} is no check, and none stands below it: did you mean {', '.join(near)}?"
        )


def newer_than(name: str) -> frozenset[str]:
    """The checks of the gate's own contract that a release did not ask; what a team adds of its own is always asked.

    Raises:
        pytest.UsageError: there is no such release, or this version of the gate no longer asks all it did.
    """
    declared = allowed_by(load_contract())
    try:
        release = load_release(name)
        release.check(declared)
    except ContractError as problem:
        raise pytest.UsageError(f"--contract={name}: {problem}") from None
    return release.newer(declared)


def is_deferred(cited: Iterable[str], contract: Contract, phase: int | None) -> bool:
    """Whether a check may fail in a phase of the migration plan: the finding it cites first belongs to a later one.

    Policies that it cites do not count: they say how the finding is to be understood. What cites none is never deferred.
    """
    phases = [contract.findings[name].phase for name in cited if name in contract.findings]
    return phase is not None and bool(phases) and phases[0] > phase
