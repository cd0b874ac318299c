"""Races are run by a process of their own that has the target on PostgreSQL; here its words are waited for."""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from coursegate.harness.client import CannotAsk, CannotAssess, NotApplicable
from coursegate.harness.observation import Exchange
from coursegate.harness.services.guarding import NoService, hold
from coursegate.harness.services.services import Services, joined, opened
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.verdicts import NEEDS_POSTGRES, NEEDS_SOURCE, Kind, Problem
from coursegate.suites.concurrency.cases import checks
from coursegate.suites.concurrency.race import RaceCheck
from coursegate.suites.concurrency.running import read_records, run_agent

# Without a run around it, as when one check is asked again.
_OWN = ExitStack()
atexit.register(_OWN.close)


@dataclass(frozen=True)
class Batch:
    """The ids of the races that are run together."""

    checks: tuple[str, ...]


def ask(check: RaceCheck, bound: Bound, batch: Batch | None = None) -> tuple[list[Exchange], list[Problem]]:
    """What the race comes to; it is run with the others of its batch when the first of them is asked for.

    Raises:
        CannotAssess: the target is no checkout, or there is no PostgreSQL.
        CannotAsk: the race cannot be set up in this target.
        NotApplicable: the target has nothing that could be raced.
    """
    if not isinstance(bound.target, SourceTarget):
        raise CannotAssess(f"{NEEDS_SOURCE}: races are run where rows can be looked at and put back")
    try:
        services = joined() or _OWN.enter_context(opened())
        services.postgres()
    except NoService as problem:
        raise CannotAssess(f"{NEEDS_POSTGRES}: {problem}") from None
    wanted = batch.checks if batch and check.id in batch.checks else (check.id,)
    told = _told_of(check, wanted, bound, bound.target.binding, services)
    if reason := told.get("not_applicable"):
        raise NotApplicable(reason)
    if reason := told.get("cannot_ask"):
        raise CannotAsk(reason)
    return [], [
        Problem(Kind(told["kind"]), text, _cause(check, told["kind"])) for text in told["problems"][:1]
    ]


def _cause(check: RaceCheck, kind: str) -> str:
    return f"{check.id.rpartition('/')[0].removeprefix('concurrency/')} does not stand two at once ({kind})"


def _told_of(
    check: RaceCheck, wanted: tuple[str, ...], bound: Bound, binding: Binding, services: Services
) -> Mapping[str, Any]:
    """What is told of one race, after running those of the batch of which nothing is told yet.

    An operation that did not end in one race is not waited for in the others: each would take a start and its limit.
    """
    operations = {one.id: one.operation for one in checks(bound.contract)}
    # The runs of several targets may share their services.
    target = hashlib.blake2s(str(binding.path).encode()).hexdigest()[:16]
    told = services.folder / f"races-{target}.jsonl"
    with hold(told.with_suffix(".lock")):
        while check.id not in (known := {said["id"]: said for said in read_records(told)}):
            hung = {
                operations[name]: name
                for name, said in known.items()
                if said["kind"] == Kind.HANG and operations[name]
            }
            if race := hung.get(check.operation):
                return {"cannot_ask": f"{check.operation} came to no end in {race}"}
            left = [name for name in wanted if name not in known and operations[name] not in hung]
            run_agent(left, binding, bound.contract, bound.world.seed, told)
    return known[check.id]
