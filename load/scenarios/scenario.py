"""What a scenario is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coursegate.load.visit import Visit


@dataclass(frozen=True)
class Scenario:
    """A journey and who makes it how often.

    Attributes:
        weight: of all arrivals, this many parts.
        principals: who makes it -> how often, as parts.
        operations: what it asks; where the target lacks one of them, the scenario is left out and named.
        writes: whether it leaves something behind in the target.
        once: one journey a run instead of arrivals.
    """

    name: str
    weight: int
    principals: Mapping[str, int]
    journey: Callable[[Visit], None]
    operations: tuple[str, ...]
    writes: bool = False
    once: bool = False
