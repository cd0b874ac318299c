"""How much a run spends on what has no natural end: examples, generated cases, steps of state machines."""

from __future__ import annotations

from dataclasses import dataclass

PR, NIGHTLY = "pr", "nightly"
PROFILES = (PR, NIGHTLY)


@dataclass(frozen=True)
class Profile:
    """The budgets of a run.

    Attributes:
        examples: pairs of worlds for each principal, besides the one that differs in everything.
        subjects: how many objects an operation is asked about in each world.
        seconds: what generating may take in all; 0 where only the corpus is replayed.
        seed: what generated cases are drawn from.
        target_tests: whether the target's own tests are executed, on a copy of it.
    """

    name: str = PR
    examples: int = 1
    subjects: int = 1
    seconds: float = 0.0
    seed: int = 1
    target_tests: bool = False

    @property
    def is_nightly(self) -> bool:
        return self.name == NIGHTLY


def profile_of(
    name: str, seconds: float | None = None, seed: int = 1, *, target_tests: bool = False
) -> Profile:
    """The budgets that go by a name, with what was asked for instead."""
    if name == NIGHTLY:
        return Profile(
            NIGHTLY,
            examples=20,
            subjects=4,
            seconds=300.0 if seconds is None else seconds,
            seed=seed,
            target_tests=target_tests,
        )
    return Profile(seconds=seconds or 0.0, seed=seed, target_tests=target_tests)
