"""One stage for all checks of a process: built when the first is asked, gone with the process."""

from __future__ import annotations

import atexit
from contextlib import ExitStack

from coursegate.harness.client import CannotAsk, CannotAssess
from coursegate.harness.observation import Exchange
from coursegate.harness.services.guarding import NoService, hold
from coursegate.harness.services.services import joined, opened
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.verdicts import NEEDS_POSTGRES, NEEDS_REDIS, NEEDS_SOURCE, Problem
from coursegate.suites.deployed.promise import DeployedCheck
from coursegate.suites.deployed.stage import CannotServe, Stage, built

LOCK = "deployed.lock"
_OWN = ExitStack()
_STAGES: dict[str, Stage | Exception] = {}


def close() -> None:
    """End what the checks of this process stand on; the next one builds it anew."""
    _STAGES.clear()
    _OWN.close()


# Where no run does, as when one check is asked again.
atexit.register(close)


def ask(check: DeployedCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Look at the target as it is deployed.

    Raises:
        CannotAssess: it is no checkout, or a service cannot be had.
        CannotAsk: it cannot be served.
    """
    if not isinstance(bound.target, SourceTarget):
        raise CannotAssess(f"{NEEDS_SOURCE}: a deployment of our own is made from a checkout")
    stage = _stage(bound, bound.target.binding)
    # One at a time, whichever process asks: a worker would do what another check has put into the broker that they share.
    with hold(stage.services.folder / LOCK):
        try:
            found = list(check.look(stage))
        except CannotServe as problem:
            raise CannotAsk(str(problem)) from None
        finally:
            stage.end_processes()
    cause = f"{check.subject}: {check.id.rpartition('/')[2].replace('-', ' ')}"
    return stage.taken(), [Problem(check.kind, text, cause) for text in found]


def _stage(bound: Bound, binding: Binding) -> Stage:
    key = str(binding.path)
    if key not in _STAGES:
        try:
            services = joined() or _OWN.enter_context(opened())
            _check(services.postgres, NEEDS_POSTGRES)
            _check(services.redis, NEEDS_REDIS)
            _STAGES[key] = _OWN.enter_context(built(services, binding, bound.contract, bound.world.seed))
        except (CannotAssess, CannotServe, NoService) as problem:
            _STAGES[key] = problem
    found = _STAGES[key]
    if isinstance(found, Stage):
        return found
    if isinstance(found, CannotAssess):
        raise found
    raise CannotAsk(str(found))


def _check(service: object, word: str) -> None:
    assert callable(service)
    try:
        service()
    except NoService as problem:
        raise CannotAssess(f"{word}: {problem}") from None
