"""Things that one journey at a time may write, so that what it reads back is what it wrote."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Leases(Generic[Thing]):
    """A queue of things to be had one at a time.

    Of several generator processes each has its share, counted from `index` in steps of `of`: two processes know
    nothing of each other's journeys.
    """

    def __init__(self, things: Iterable[Thing], index: int = 0, of: int = 1) -> None:
        self._free = deque(list(things)[index::of])

    def __len__(self) -> int:
        """How many are free."""
        return len(self._free)

    @contextmanager
    def one(self) -> Iterator[Thing | None]:
        """The one that has been free the longest, or None where all are taken."""
        if not self._free:
            yield None
            return
        thing = self._free.popleft()
        try:
            yield thing
        finally:
            self._free.append(thing)
