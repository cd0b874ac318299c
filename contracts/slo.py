"""What must hold under load (`slo.yaml`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.reading import ContractError, Entry, read

ALL, JUDGED = "all", "judged"
SAMPLES_OF_P95, SAMPLES_OF_P50 = 200, 50
OTHER = "other"
_NUMBERS = ("p50", "p95", "errors", "throttled", "recovers-within")


@dataclass(frozen=True)
class Objective:
    """One line; what it does not speak of is None.

    Attributes:
        samples: fewer requests than these prove nothing.
        p50, p95: milliseconds.
        errors, throttled: shares from 0 to 1.
        recovers_within: seconds from the start of the stage.
        line: where it stands.
    """

    scenario: str
    tier: str
    stage: str
    samples: int
    p50: float | None
    p95: float | None
    errors: float | None
    throttled: float | None
    recovers_within: float | None
    line: int

    def __str__(self) -> str:
        return f"{self.scenario}, {self.tier}, {self.stage}"


@dataclass(frozen=True)
class Objectives:
    """All of them, by profile, and the statements an operation may take."""

    path: Path
    profiles: Mapping[str, tuple[Objective, ...]]
    work: Mapping[str, int]

    def most_statements(self, operation: str) -> int | None:
        """The budget of an operation, None where there is none."""
        return self.work.get(operation, self.work.get(OTHER))


@dataclass(frozen=True)
class Known:
    """The names that objectives may use."""

    scenarios: frozenset[str]
    tiers: frozenset[str]
    stages: Mapping[str, frozenset[str]]


def load_objectives(path: Path, known: Known | None = None) -> Objectives:
    """Read `slo.yaml`; with `known`, every name in it must be one of those.

    Raises:
        ContractError: malformed, a name of nothing, or fewer samples than its figures need.
    """
    root = read(path).mapping(required={"profiles"}, optional={"work"})
    profiles = {
        name: tuple(_objective(entry) for entry in listed.sequence())
        for name, listed in root["profiles"].items()
    }
    work = {name: entry.number(least=1) for name, entry in root["work"].items()} if "work" in root else {}
    objectives = Objectives(path, profiles, work)
    if known is not None:
        _check_names(objectives, known)
    return objectives


def _objective(entry: Entry) -> Objective:
    said = entry.mapping(required={"scenario", "tier", "stage", "samples"}, optional={*_NUMBERS})
    values = {name: _number(said[name]) for name in _NUMBERS if name in said}
    if not values:
        raise entry.error(f"it promises nothing: say {', '.join(_NUMBERS[:-1])} or {_NUMBERS[-1]}")
    if "recovers-within" in values and "p50" not in values:
        raise entry.error("recovers-within needs the p50 that is to be kept again")
    samples = said["samples"].number(least=1)
    if samples < (least := _least_samples(values)):
        raise said["samples"].error(f"{samples} samples are too few for what it promises, {least} are needed")
    return Objective(
        scenario=said["scenario"].text(),
        tier=said["tier"].text(),
        stage=said["stage"].text(),
        samples=samples,
        p50=values.get("p50"),
        p95=values.get("p95"),
        errors=values.get("errors"),
        throttled=values.get("throttled"),
        recovers_within=values.get("recovers-within"),
        line=entry.line,
    )


def _number(entry: Entry) -> float:
    value = entry.plain()
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise entry.error(f"expected a number from 0, found {entry.shape}")
    return float(value)


def _least_samples(values: Mapping[str, float]) -> int:
    """A p95 of 200 rests on the ten slowest; a share that is to be seen must be possible."""
    needed = [SAMPLES_OF_P95 if "p95" in values else 0, SAMPLES_OF_P50 if "p50" in values else 0]
    needed += [math.ceil(1 / values[name]) for name in ("errors", "throttled") if values.get(name)]
    return max(needed)


def _check_names(objectives: Objectives, known: Known) -> None:
    for profile, listed in objectives.profiles.items():
        if profile not in known.stages:
            raise ContractError(objectives.path, 0, f"no profile is called {profile!r}")
        for one in listed:
            for kind, name, names in (
                ("scenario", one.scenario, known.scenarios | {ALL}),
                ("tier", one.tier, known.tiers | {ALL}),
                ("stage", one.stage, known.stages[profile] | {JUDGED}),
            ):
                if name not in names:
                    raise ContractError(
                        objectives.path,
                        one.line,
                        f"no {kind} is called {name!r}; there are {', '.join(sorted(names))}",
                    )
