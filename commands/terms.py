"""What a run is held against besides the contract: waivers, a day, an earlier run; and what keeps it within bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.reading import ContractError
from coursegate.contracts.waivers import Waiver, load_waivers
from coursegate.harness.report.gate_file import GateFileError, read_gate
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.finding import Place
from coursegate.harness.targets.guards import MOST_REQUESTS, Guards

WAIVERS = "waivers.yaml"


def add_guards(add: Callable[..., Any]) -> None:
    """The options that keep a run against a deployment within bounds."""
    add("--allow-host", action="append", metavar="HOST", help="of a URL: this host may be asked, too")
    add(
        "--max-requests",
        type=int,
        metavar="N",
        default=MOST_REQUESTS,
        help="of a URL: how many requests may be sent",
    )
    add("--ca-file", metavar="FILE", help="of a URL: certificates of the authorities that TLS trusts")


def guards_of(said: argparse.Namespace) -> Guards:
    """What keeps a run against a deployment within bounds."""
    authority = Path(said.ca_file).absolute() if said.ca_file else None
    return Guards(frozenset(said.allow_host or ()), said.max_requests, authority)


def waivers_of(said: argparse.Namespace, binding: Place) -> tuple[Waiver, ...]:
    """The waivers of the file that was named, else of the one in the target's folder, else none.

    Raises:
        pytest.UsageError: the file is malformed.
    """
    own = binding.path / WAIVERS if isinstance(binding, Binding) else None
    agreed = binding.agreement.waivers
    file = Path(said.waivers) if said.waivers else agreed or (own if own and own.is_file() else None)
    try:
        return load_waivers(file) if file else ()
    except ContractError as problem:
        raise pytest.UsageError(f"the waivers cannot be used: {problem}") from None


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise pytest.UsageError(f"--today={text}: no day; one is written 2026-11-30") from None


def baseline_of(said: argparse.Namespace) -> dict[str, Any] | None:
    try:
        return read_gate(Path(said.baseline)) if said.baseline else None
    except GateFileError as problem:
        raise pytest.UsageError(f"--baseline: {problem}") from None
