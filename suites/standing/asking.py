"""How a change of standing is made between two askings of a cell, and what the second one breaks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from coursegate.contracts.standing import Change
from coursegate.contracts.world_values import Reference
from coursegate.harness.asking import Observer, check_undoes
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.standing.aftermath import world_after
from coursegate.suites.standing.cases import StandingCheck


def ask(check: StandingCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask, change, ask again with whatever the first asking left in caches; nothing of it stays in the target.

    Raises:
        CannotAsk: the cell already fails before anything has changed, or the change cannot be made.
        CannotAssess: nobody can change rows on this target.
        NotApplicable: the backend refuses to be in such a state, as it may.
    """
    check_undoes(bound)
    observer, target, change = Observer(bound.client), bound.target, check.change
    then = replace(check.before, outcomes=check.after.outcomes)
    bound.client.request(check.before)  # signing in writes: not inside the block that is undone
    with target.restored():
        before = observer.ask(check.before, keep_caches=True)
        # What another finding asks for may be missing before and after: it keeps nothing from being seen.
        if broken := [problem for problem in problems_of(before) if not problem.about]:
            raise CannotAsk(f"access/{check.before.id} is broken before anything changes: {broken[0].text}")
        with target.at_a_moment() if change.stands else nullcontext():
            _make(change, bound)
            if change.passes:
                observer.ask(check.before, keep_caches=True)  # what is cached now must not outlive its reason
            with target.later(change.passes):
                seen = Observer(bound.client).ask(then, keep_caches=True)
    after = replace(seen, cell=check.after, world=world_after(bound.world, change))
    moment = f"after {change.name}"
    problems = [
        replace(problem, text=f"{problem.text} ({moment})", cause=f"{problem.cause}, {moment}")
        for problem in problems_of(after)
    ]
    return [*before.pages, *(page.at(moment) for page in reversed(seen.pages))], problems


def _columns(values: Mapping[str, Any], bound: Bound) -> dict[str, Any]:
    """Columns and what they are set to; of another object its key."""
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Reference):
            columns[f"{name}_id"] = bound.world.ids[value.name]
        else:
            columns[name] = value
    return columns


def _make(change: Change, bound: Bound) -> None:
    for name in change.objects:
        if reason := bound.world.why_missing(name):
            raise CannotAsk(f"{name} is not there: {reason}")
        model, key = bound.world.contract.objects[name].model, bound.world.ids[name]
        try:
            if change.values is None:
                bound.target.remove(model, key)
            else:
                bound.target.change(model, key, _columns(change.values, bound))
        except CannotAsk as refused:
            raise NotApplicable(str(refused)) if change.optional else refused from None
