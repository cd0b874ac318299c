"""`coursegate checks`: every check that a run of everything makes, and what each cell of the access table allows."""

from __future__ import annotations

import argparse

from coursegate.commands.declared import allowed_by
from coursegate.contracts.contract import load_contract
from coursegate.contracts.releases import line, load_release, releases


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--contract",
        metavar="RELEASE",
        choices=releases(),
        help=f"those that a release asked for ({', '.join(releases())})",
    )


def answer(said: argparse.Namespace) -> int:
    """Print them, one a line. Returns 0.

    Raises:
        ContractError: the contract cannot be used.
    """
    known = load_release(said.contract).checks if said.contract else allowed_by(load_contract())
    for name, allowed in known.items():
        print(line(name, allowed))
    return 0
