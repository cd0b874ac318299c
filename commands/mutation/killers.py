"""Which check noticed a mutant, and its neighbours: asked first, it ends most trials at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from coursegate.commands.places import cache_folder
from coursegate.commands.proof.remembering import store, stored

MOST = 16


@dataclass
class Killers:
    """The check that each mutant fell to, whatever has changed since: it decides what is asked first, and nothing else.

    Attributes:
        path: where it is kept, in the folder of caches of the user.
        known: mutant to check, by id.
    """

    path: Path
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls) -> Killers:
        path = cache_folder() / "killers.json"
        return cls(path, stored(path))

    def likely(self, mutant: str) -> tuple[str, ...]:
        """The checks to ask first, at most `MOST`: its own, then those of the same function, the same file, any file."""
        function, file = mutant.partition(": ")[0], mutant.partition("::")[0]
        own = [self.known[mutant]] if mutant in self.known else []
        near = self._frequent(f"{function}: ")
        far = self._frequent(f"{file}::")
        return tuple(dict.fromkeys((*own, *near, *far, *self._frequent(""))))[:MOST]

    def keep(self, mutant: str, check: str) -> None:
        self.known[mutant] = check
        store(self.path, self.known)

    def _frequent(self, beginning: str) -> list[str]:
        counts = Counter(check for name, check in self.known.items() if name.startswith(beginning))
        return [check for check, _ in counts.most_common()]
