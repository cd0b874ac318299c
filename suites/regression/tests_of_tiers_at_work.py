"""The project's own tests of tiers at work: they notice a tier filter that is gone. Executed only where that was asked for."""

from __future__ import annotations

from coursegate.harness.client import CannotAssess, NotApplicable
from coursegate.harness.probing.own_tests import LEVEL, OWN_TESTS, OwnTests, everybody_premium, run_own_tests
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.tests_of_tiers import tier_tests

LESSON = "lesson-premium"
# Of one run of the tests; of the four together, and of starting.
SECONDS, SECONDS_IN_ALL = 240.0, 1000.0


@finding("TEST-01", seconds=SECONDS_IN_ALL)
def tests_notice_a_lost_tier_filter(on: Probe) -> None:
    """The project's own tests of tiers fail once everybody counts as a premium learner."""
    if not on.profile.target_tests:
        raise NotApplicable(
            "judged by what is written in them: the project's own tests are executed with --run-target-tests"
        )
    of_tiers = sorted({(test.file, test.function) for test in tier_tests(on)})
    _check_that_it_is_the_filter(on)
    files = sorted({file for file, _ in of_tiers})
    without = run_own_tests(on.checkout, files, only=of_tiers, filter_off=True, seconds=SECONDS)
    if not without.failed:
        _check_that_some_pass(without)
    elif run_own_tests(on.checkout, without.failed, seconds=SECONDS).passed:
        return
    else:
        # That one fails with the filter as well, and says nothing: those that pass with it are asked.
        as_it_is = run_own_tests(on.checkout, files, only=of_tiers, seconds=SECONDS)
        if not as_it_is.passed:
            raise CannotAssess(
                f"{OWN_TESTS}: none passes on the project as it is, they end with {as_it_is.end!r}"
            )
        without = run_own_tests(on.checkout, as_it_is.passed, filter_off=True, seconds=SECONDS)
        _check_that_some_pass(without)

    assert without.failed, (
        f"{len(without.passed)} tests pass while everybody counts as premium, and none fails"
    )


def _check_that_some_pass(without: OwnTests) -> None:
    if not (without.passed or without.failed):
        raise CannotAssess(f"{OWN_TESTS}: without the filter they end with {without.end!r}")


def _check_that_it_is_the_filter(on: Probe) -> None:
    """Taking the function out must open a premium lesson: else a backend that does not ask it would be blamed."""
    closed = on.send("lessons.retrieve", LESSON, by="registered")
    with everybody_premium(on.name(LEVEL)):
        opened = on.send("lessons.retrieve", LESSON, by="registered")
    shown = [
        {str(canary) for canary in on.world.aviary.seen_in(answer.body, answer.headers)}
        for answer in (closed, opened)
    ]
    if shown[0] >= shown[1]:
        raise CannotAssess(
            f"{OWN_TESTS}: {LEVEL} is not what opens {LESSON}: no filter of tiers can be taken out by its name"
        )
