"""Arrivals follow the plan, whatever the answers take."""

from __future__ import annotations

import pytest

from coursegate.load.generator.climbing import LEAST, MOST_P95_MS, Climb
from coursegate.load.plan import (
    PROFILES,
    Stage,
    broken_off,
    expected_arrivals,
    moment_of,
    scaled,
    seconds_of,
    stage_at,
)
from coursegate.load.rows import FAILED, percentile
from coursegate.tests.load.imagined_run import START, row

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


CLIMB = (
    Stage("warm-up", 5, 4, judged=False),
    Stage("rate-5", 30, 5, climbs=True),
    Stage("rate-10", 30, 10, climbs=True),
    Stage("rate-20", 30, 20, climbs=True),
    Stage("recovery", 60, 4),
)


def test_a_climb_that_is_over_goes_on_to_what_follows_it() -> None:
    """The stage it has come to is cut there, higher ones are left out, and what went before stays as it was."""
    left = broken_off(CLIMB, 45)

    assert [(stage.name, stage.seconds) for stage in left] == [
        ("warm-up", 5),
        ("rate-5", 30),
        ("rate-10", 10),
        ("recovery", 60),
    ]
    assert [moment_of(left, number) for number in range(100)] == [
        moment_of(CLIMB, number) for number in range(100)
    ]


def test_a_climb_is_cut_between_two_stages() -> None:
    """At the end of a stage it is whole, and nothing is left of the next one."""
    assert [stage.name for stage in broken_off(CLIMB, 35)] == ["warm-up", "rate-5", "recovery"]


@pytest.mark.parametrize(
    ("changed", "is_over"),
    [
        ({}, False),
        ({"latency": MOST_P95_MS + 1}, True),
        ({"latency": 40.0, "outcome": FAILED}, True),
    ],
    ids=["quick", "slow", "failing"],
)
def test_a_climb_is_over_where_the_target_does_not_keep_up(changed: dict[str, object], is_over: bool) -> None:
    """Slow answers and failing ones end it; quick ones do not."""
    climb = Climb()
    climb.take(row(2.0 + number / LEAST, **changed) for number in range(LEAST))

    assert bool(climb.over(START + 5.5)) is is_over


def test_a_climb_is_not_over_because_of_few_answers_or_old_ones() -> None:
    """A handful of slow answers tells nothing, nor do those that came before the last seconds."""
    climb = Climb()
    climb.take(row(2.0, latency=9000.0) for _ in range(LEAST - 1))
    assert climb.over(START + 11.5) == ""
    climb.take(row(2.0, latency=9000.0) for _ in range(LEAST))
    assert climb.over(START + 11.5) != ""
    assert climb.over(START + 30) == ""
