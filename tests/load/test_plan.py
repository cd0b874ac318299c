"""Arrivals follow the plan, whatever the answers take."""

from __future__ import annotations

import pytest

from coursegate.load.plan import PROFILES, Stage, expected_arrivals, moment_of, scaled, seconds_of, stage_at
from coursegate.load.rows import percentile

PLAN = (Stage("slow", 10, 2), Stage("fast", 5, 20))


@pytest.mark.parametrize(("arrivals", "moment"), [(0, 0.0), (10, 5.0), (20, 10.0), (70, 12.5)])
def test_the_moment_of_an_arrival_is_when_so_many_are_expected(arrivals: float, moment: float) -> None:
    """The two directions of the plan agree, across its stages."""
    assert moment_of(PLAN, arrivals) == pytest.approx(moment)
    assert expected_arrivals(PLAN, moment) == pytest.approx(arrivals)


def test_nobody_arrives_after_the_end() -> None:
    """The plan ends."""
    assert moment_of(PLAN, 120) is None
    assert stage_at(PLAN, 15) is None


def test_a_scaled_plan_takes_as_long_and_sends_more() -> None:
    """--rate changes how many come, not how long it takes."""
    double = scaled(PLAN, 2)
    assert seconds_of(double) == seconds_of(PLAN)
    assert expected_arrivals(double) == 2 * expected_arrivals(PLAN)


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_has_stages_of_different_names_and_something_to_judge(name: str) -> None:
    """An objective names a stage of its profile by its name alone."""
    names = [stage.name for stage in PROFILES[name]]
    assert len(set(names)) == len(names)
    assert any(stage.judged for stage in PROFILES[name])


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(200, 0.95, 190), (20, 0.95, 19), (1, 0.5, 1), (100, 0.5, 50)]
)
def test_a_percentile_is_a_value_that_was_measured(count: int, share: float, wanted: float) -> None:
    """The p95 of 200 is the 190th of them."""
    assert percentile(range(1, count + 1), share) == wanted
