"""What every target can do, whatever stands behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from coursegate.harness.observation import Answer, Request


class Target(Protocol):
    kind: str

    def send(self, request: Request) -> Answer:
        """One request. Whatever the backend does comes back as an answer, never as an exception."""

    def clear_caches(self) -> None:
        """Forget everything cached, so that the next answer is made afresh."""

    def undone(self) -> AbstractContextManager[None]:
        """A block whose writes leave no trace."""

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
