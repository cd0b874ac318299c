"""How much traffic when: profiles, each a list of stages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Stage:
    """A stretch of a run at one rate.

    Attributes:
        rate: journeys that arrive per second, whether or not earlier ones have been answered.
        judged: whether its arrivals count as evidence; a warm-up is not.
        climbs: whether it is left as soon as the target no longer keeps up: it is there to find that point.
    """

    name: str
    seconds: float
    rate: float
    judged: bool = True
    climbs: bool = False


Plan = tuple[Stage, ...]

_WARM_UP = Stage("warm-up", 5, 4, judged=False)
PROFILES: dict[str, Plan] = {
    # As short as a run can be that still meets every scenario; no latency can be judged in it.
    "brief": (Stage("warm-up", 2, 4, judged=False), Stage("steady", 12, 9)),
    "smoke": (_WARM_UP, Stage("steady", 32, 8), Stage("recovery", 4, 3)),
    "nightly": (
        replace(_WARM_UP, seconds=20),
        Stage("steady", 600, 10),
        Stage("busy", 300, 16),
        Stage("recovery", 60, 8),
    ),
    "spike": (
        replace(_WARM_UP, seconds=15),
        Stage("before", 60, 8),
        Stage("spike", 30, 40),
        Stage("recovery", 90, 8),
    ),
    "soak": (replace(_WARM_UP, seconds=30), Stage("soak", 7200, 10), Stage("recovery", 60, 4)),
    "breakpoint": (
        _WARM_UP,
        *(Stage(f"rate-{rate}", 30, rate, climbs=True) for rate in (5, 10, 20, 30, 40, 60, 80, 120)),
        Stage("recovery", 60, 4),
    ),
}


def plan_of(data: Iterable[dict[str, Any]]) -> Plan:
    """The plan that `asdict` was made of, stage by stage."""
    return tuple(Stage(**stage) for stage in data)


def scaled(plan: Plan, factor: float) -> Plan:
    """The plan with every rate multiplied: objectives belong at or below 60 % of what a machine can take."""
    return tuple(replace(stage, rate=stage.rate * factor) for stage in plan)


def broken_off(plan: Sequence[Stage], second: float) -> Plan:
    """The plan that climbs no further than that moment; what follows the climb begins there."""
    kept = []
    for stage, begin, end in bounds(plan):
        if not stage.climbs or end <= second:
            kept.append(stage)
        elif begin < second:
            kept.append(replace(stage, seconds=second - begin))
    return tuple(kept)


def seconds_of(plan: Sequence[Stage]) -> float:
    return sum(stage.seconds for stage in plan)


def bounds(plan: Sequence[Stage]) -> Iterator[tuple[Stage, float, float]]:
    """Every stage with its begin and end, in seconds from the start of the run."""
    begin = 0.0
    for stage in plan:
        yield stage, begin, begin + stage.seconds
        begin += stage.seconds


def span_at(plan: Sequence[Stage], second: float) -> tuple[Stage, float, float] | None:
    """The stage a moment lies in, with its begin and end; None before the start and after the end."""
    return next((span for span in bounds(plan) if span[1] <= second < span[2]), None)


def stage_at(plan: Sequence[Stage], second: float) -> Stage | None:
    """The stage a moment lies in, or None before the start and after the end."""
    span = span_at(plan, second)
    return span[0] if span else None


def expected_arrivals(plan: Sequence[Stage], until: float = math.inf) -> float:
    """How many journeys have arrived `until` seconds after the start."""
    return sum(
        stage.rate * max(0.0, min(end, until) - begin) for stage, begin, end in bounds(plan) if begin < until
    )


def moment_of(plan: Sequence[Stage], arrivals: float) -> float | None:
    """When that many journeys have arrived (the inverse of `expected_arrivals`); None if the run ends before."""
    left = arrivals
    for stage, begin, _end in bounds(plan):
        here = stage.rate * stage.seconds
        if left < here:
            return begin + left / stage.rate
        left -= here
    return None
