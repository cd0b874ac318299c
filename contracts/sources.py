"""What rows are written from: findings of `findings.yaml`, and policies of `policies.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol

from coursegate.contracts.reading import ContractError


class Sourced(Protocol):
    """Something of the contract that says what it is written from."""

    @property
    def line(self) -> int: ...
    @property
    def sources(self) -> tuple[str, ...]: ...


def check_sources(path: Path, entries: Iterable[Sourced], known: Collection[str]) -> None:
    """Hold what the entries of a file cite against what there is.

    Raises:
        ContractError: one cites something else.
    """
    for entry in entries:
        for source in entry.sources:
            if source not in known:
                raise ContractError(
                    path, entry.line, f"{source!r} is neither a finding (AREA-00) nor a policy (policy 1)"
                )
