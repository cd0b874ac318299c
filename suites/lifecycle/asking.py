"""How a life is led: by a state machine of hypothesis, the same steps in every run, as many as the profile allows."""

from __future__ import annotations

from dataclasses import replace

from coursegate.harness.asking import check_undoes
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.lifecycle.cases import LEARNING, PUBLISHING, SUBSCRIBING, LifecycleCheck

PRINCIPALS = ("premium", "peer", "owner")


def ask(check: LifecycleCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Lead the life a few times over, in different orders; of a broken promise, the fewest steps that break it.

    Raises:
        CannotAsk: an object that it is about was not built.
        CannotAssess: what it writes could not be undone.
    """
    check_undoes(bound)
    for principal in PRINCIPALS:
        bound.client.sign_in(principal)  # signing in writes: not inside the block that is undone
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.errors import FlakyFailure
    from hypothesis.stateful import run_state_machine_as_test

    from coursegate.suites.lifecycle.machine import Broken, Life

    machine: type[Life] = type("Led", (_lives()[check.life],), {"bound": bound})
    nightly = bound.profile.is_nightly
    chosen = settings(
        max_examples=60 if nightly else 4,
        stateful_step_count=30 if nightly else 6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=chosen)
    except Broken as broken:
        return _told(broken.problem, broken.life)
    except FlakyFailure as flaky:  # the same steps have led elsewhere when they were taken once more
        first = flaky.exceptions[0]
        if not isinstance(first, Broken):
            raise first from None
        return _told(first.problem, first.life, "; not so each time")
    return machine.last[-1:], []


def _told(
    problem: Problem, life: tuple[list[str], list[Exchange]], besides: str = ""
) -> tuple[list[Exchange], list[Problem]]:
    steps, exchanges = life
    told = f"{problem.text} (after: {', then '.join(steps) or 'nothing'}{besides})"
    return exchanges, [replace(problem, text=told)]


def _lives() -> dict[str, type]:
    from coursegate.suites.lifecycle.learning import Learning
    from coursegate.suites.lifecycle.publishing import Publishing
    from coursegate.suites.lifecycle.subscribing import Subscribing

    return {LEARNING: Learning, PUBLISHING: Publishing, SUBSCRIBING: Subscribing}
