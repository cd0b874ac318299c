"""Which trial comes first: the longest, so that none is left alone at the end while the other processes have nothing to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursegate.commands.places import cache_folder
from coursegate.commands.proof.remembering import store, stored
from coursegate.commands.proof.trial import Trial

# What a trial of a family takes that nobody has timed here yet, in seconds; only the order depends on it.
GUESSED: Mapping[str, float] = {"deployed": 10.0, "lifecycle": 8.0, "concurrency": 6.0, "isolation": 4.0}
SECONDS = 2.0


@dataclass
class Durations:
    """How long trials took the last time, by the name of their patch."""

    path: Path
    known: dict[str, float] = field(default_factory=dict)

    @classmethod
    def opened(cls) -> Durations:
        path = cache_folder() / "durations.json"
        return cls(path, {name: told for name, told in stored(path).items() if isinstance(told, float)})

    def longest_first(self, trials: Sequence[Trial]) -> list[Trial]:
        return sorted(trials, key=lambda trial: (-self._expected(trial.name), trial.name))

    def note(self, name: str, seconds: float) -> None:
        """For the next time, once it is kept."""
        self.known[name] = round(seconds, 1)

    def keep(self) -> None:
        store(self.path, self.known)

    def _expected(self, name: str) -> float:
        return self.known.get(name, GUESSED.get(name.partition("/")[0], SECONDS))
