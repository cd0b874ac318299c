"""What every target can do, whatever stands behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from coursegate.harness.observation import Answer, Request


@dataclass(frozen=True)
class Abilities:
    """What can be done besides asking.

    Attributes:
        reads_rows: whether the rows behind the answers can be looked at.
        undoes: whether `undone` leaves no trace, and caches can be cleared.
        writes: whether requests that write may be sent.
    """

    reads_rows: bool
    undoes: bool
    writes: bool


class Target(Protocol):
    kind: str
    abilities: Abilities

    def send(self, request: Request) -> Answer:
        """One request. Whatever the backend does comes back as an answer, never as an exception.

        Raises:
            CannotAsk: the target is no longer there.
            CannotAssess: it must not be sent there.
        """

    def clear_caches(self) -> None:
        """Forget everything cached, so that the next answer is made afresh; nothing where that cannot be."""

    def undone(self) -> AbstractContextManager[None]:
        """A block whose writes leave no trace, where the target undoes."""

    def row(self, model: str, key: Any) -> dict[str, Any] | None:
        """Every column of one row, or None where it is gone."""

    def digests(self) -> dict[str, str]:
        """A digest of all rows of each model."""

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        """Every column of the rows of a model whose keys are not among the known ones."""

    def keys(self, model: str) -> set[Any]:
        """The primary keys of a model; empty where it has no table."""

    def mint_token(self, key: Any) -> str:
        """An access token made by the backend's own token library for one account; "" where that cannot be."""
