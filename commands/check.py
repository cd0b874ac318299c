"""`coursegate check FILE...`: do contract and waiver files say only what they may? What a pre-commit hook calls."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from coursegate.commands.load import objectives_in
from coursegate.contracts.agreement import NAME as AGREEMENT
from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.contract import load_contract
from coursegate.contracts.reading import ContractError
from coursegate.contracts.standards import Requirement, load_standards
from coursegate.contracts.waivers import load_waivers

# They refer to each other, and are read together.
CONTRACT = frozenset(
    f"{name}.yaml"
    for name in (
        *("access", "columns", "compat", "declassified", "findings", "openapi"),
        *("outside", "policies", "policy", "standing", "views", "world"),
    )
)


def _standards(path: Path) -> tuple[Requirement, ...]:
    contract = load_contract(path.parent)
    return load_standards(path, contract.findings, contract.policies)


def _agreement(path: Path) -> None:
    """What a team says, held against the operations, switches and rows that there are."""
    agreement = load_agreement(path)
    agreement.check(load_contract(agreement=agreement).api)


# Each is read by itself: what a team says of its own backend, what is asked of it under load, and what covers a standard.
OWN: Mapping[str, Callable[[Path], object]] = {
    "waivers.yaml": load_waivers,
    AGREEMENT: _agreement,
    "slo.yaml": objectives_in,
    "standards.yaml": _standards,
}


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", metavar="FILE", nargs="+", type=Path)


def answer(said: argparse.Namespace) -> int:
    """Say what is wrong with each file. Returns 0 where nothing is, else 1.

    Raises:
        ContractError: a file is none of those that can be checked.
    """
    known = CONTRACT | OWN.keys()
    if unknown := [file for file in said.files if file.name not in known]:
        raise ContractError(
            unknown[0], 0, f"is no file that can be checked: those are {', '.join(sorted(known))}"
        )
    folders = sorted({file.parent for file in said.files if file.name in CONTRACT})
    wrong = [_problem(load_contract, folder) for folder in folders]
    wrong += [_problem(OWN[file.name], file) for file in said.files if file.name in OWN]
    for problem in filter(None, wrong):
        print(problem)
    return 1 if any(wrong) else 0


def _problem(load: Callable[[Path], object], path: Path) -> str:
    try:
        load(path)
    except ContractError as problem:
        return str(problem)
    return ""
