"""From pairs of windows to a decision: slower, faster, or no difference that could be shown."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# A change is told when chance alone would show so much in less than one comparison of forty, and it is worth telling.
LEVEL, LEAST_EFFECT = 0.025, 0.01
# Fewer pairs could not reach that level whatever they showed.
FEWEST_PAIRS = 8
_RESAMPLES, _INTERVAL = 2000, 0.95


@dataclass(frozen=True)
class Effect:
    """How much more head takes than base.

    Attributes:
        ratio: head / base - 1, the median over the pairs; `low` and `high` its 95 % interval.
        p_slower, p_faster: of the one-sided signed-rank tests.
    """

    ratio: float
    low: float
    high: float
    p_slower: float
    p_faster: float

    @property
    def word(self) -> str:
        if self.p_slower < LEVEL and self.ratio >= LEAST_EFFECT:
            return "slower"
        if self.p_faster < LEVEL and self.ratio <= -LEAST_EFFECT:
            return "faster"
        return "no difference"


def effect(base: Sequence[float], head: Sequence[float], *, interval: bool = True) -> Effect:
    """The effect in paired figures, all above 0; without `interval`, which takes a while, its ends are its middle.

    Raises:
        ValueError: fewer than `FEWEST_PAIRS` pairs.
    """
    if len(base) < FEWEST_PAIRS or len(base) != len(head):
        raise ValueError(f"{len(base)} pairs are too few, {FEWEST_PAIRS} are needed")
    logs = [math.log(after / before) for before, after in zip(base, head, strict=True)]
    low, high = _interval(logs) if interval else (median(logs), median(logs))
    return Effect(
        math.expm1(median(logs)),
        math.expm1(low),
        math.expm1(high),
        p_value(logs),
        p_value([-x for x in logs]),
    )


def p_value(differences: Sequence[float]) -> float:
    """Of the Wilcoxon signed-rank test that they lie above 0."""
    # Not needed where nothing is compared, and slow to import.
    from scipy.stats import wilcoxon

    if not any(differences):
        return 1.0
    return float(wilcoxon(differences, alternative="greater").pvalue)


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """The percentile bootstrap interval of the median."""
    chance = random.Random(0)
    medians = sorted(median(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES))
    cut = int(_RESAMPLES * (1 - _INTERVAL) / 2)
    return medians[cut], medians[-cut - 1]
