"""What every target can do, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from coursegate.contracts.columns import Columns
from coursegate.harness.observation import Answer, Request, ServerError


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
    """Attributes: `host` is what stands between `//` and the path of its own addresses."""

    kind: str
    host: str
    abilities: Abilities

    def send(self, request: Request) -> Answer:
        """One request. Whatever the backend does comes back as an answer, never as an exception.

        Raises:
            CannotAsk: the target is no longer there.
            CannotAssess: it must not be sent there.
        """

    def raised_by(self, request: Request) -> list[ServerError]:
        """What the backend's own code raises while it answers a request that only reads, told or swallowed; empty where
        nobody can look.
        """

    def clear_caches(self) -> None:
        """Forget everything cached, so that the next answer is made afresh; nothing where that cannot be."""

    def undone(self, *, keep_caches: bool = False) -> AbstractContextManager[None]:
        """A block whose writes leave no trace, where the target undoes; in the caches only where they may be kept."""

    def restored(self) -> AbstractContextManager[None]:
        """A block whose writes are committed, as a backend expects that caches more boldly outside a transaction; then
        the database is put back. Where it cannot be put back, the same as `undone`, but for the caches.
        """

    def file_path(self, model: str, key: Any, field: str) -> str:
        """Where on this host the file of a row has its address, as a path with its query; "" where it has none.

        Raises:
            CannotAssess: where files are stored cannot be seen on this target.
        """

    def change(self, model: str, key: Any, values: Mapping[str, Any]) -> None:
        """Set columns of a row as the backend's own code would: save(), signals, and what waits for the commit.

        Raises:
            CannotAsk: the backend does not let itself be changed so.
            CannotAssess: nobody can change rows on this target.
        """

    def remove(self, model: str, key: Any) -> None:
        """Delete a row as the backend's own code would: delete(), signals, and what waits for the commit.

        Raises:
            CannotAsk: the backend does not let it be deleted.
            CannotAssess: nobody can change rows on this target.
        """

    def later(self, passes: timedelta) -> AbstractContextManager[None]:
        """A block in which so much time has gone by."""

    def at_a_moment(self) -> AbstractContextManager[None]:
        """A block in which the clock stands still.

        Raises:
            CannotAssess: nobody can stop the clock of this target.
        """

    def row(self, model: str, key: Any) -> dict[str, Any] | None:
        """Every column of one row, or None where it is gone."""

    def finds(self, model: str, key: Any) -> bool:
        """Whether a model's default manager finds a row; that of one whose rows outlive their deletion leaves those out."""

    def digests(self, columns: Columns) -> dict[str, str]:
        """A digest of all rows of each model, as far as these columns go."""

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        """Every column of the rows of a model whose keys are not among the known ones."""

    def keys(self, model: str) -> set[Any]:
        """The primary keys of a model; empty where it has no table."""

    def mint_token(self, key: Any, lifetime: timedelta | None = None) -> str:
        """An access token made by the backend's own token library for one account, whether or not there is such an
        account; it is valid for `lifetime` from now, by default as long as any. "" where that cannot be.
        """
