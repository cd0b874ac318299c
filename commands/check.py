"""`coursegate check FILE...`: do contract files say only what they may? What a pre-commit hook calls."""

from __future__ import annotations

import argparse
from pathlib import Path

from coursegate.contracts.contract import load_contract
from coursegate.contracts.reading import ContractError

# They refer to each other, and are read together.
CONTRACT = frozenset(
    f"{name}.yaml"
    for name in (
        *("access", "compat", "declassified", "findings", "openapi"),
        *("outside", "policies", "standing", "world"),
    )
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", metavar="FILE", nargs="+", type=Path)


def answer(said: argparse.Namespace) -> int:
    """Say what is wrong with each file. Returns 0 where nothing is, else 1.

    Raises:
        ContractError: a file is none of those that can be checked.
    """
    folders = {file.parent for file in said.files if file.name in CONTRACT}
    if unknown := [file for file in said.files if file.name not in CONTRACT]:
        raise ContractError(
            unknown[0], 0, f"is no file of a contract: those are {', '.join(sorted(CONTRACT))}"
        )
    wrong = [problem for folder in sorted(folders) if (problem := _problem(folder))]
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


def _problem(folder: Path) -> str:
    try:
        load_contract(folder)
    except ContractError as problem:
        return str(problem)
    return ""
