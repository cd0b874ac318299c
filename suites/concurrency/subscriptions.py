"""Subscriptions: started, changed and ended twice at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, succeeded
from coursegate.suites.concurrency.race import Action, Scene, race

SUBSCRIPTION = "users.Subscription"
ENDS = {"cancel": {"end": "cancel"}, "downgrade": {"end": "downgrade"}}


@race("policy 14", watched=[SUBSCRIPTION], operation="subscription.create")
def starting_twice(arena: Arena) -> Scene:
    """Simultaneous starts of a learner's first subscription leave one, on the free tier, and none ends in an error."""
    learner = arena.row("lapsed")
    arena.rows(SUBSCRIPTION).filter(user=learner).delete()
    alone = arena.request("subscription.create", by="lapsed", body={})()
    if not succeeded([alone]):
        raise NotApplicable(f"no subscription is started by asking: {answered([alone])}")
    arena.rows(SUBSCRIPTION).filter(user=learner).delete()

    def verify(given: Sequence[Any]) -> Iterator[str]:
        rows = list(arena.rows(SUBSCRIPTION).filter(user=learner).values_list("tier", "status"))
        if rows != [("registered", "active")] or not succeeded(given):
            yield f"the subscriptions are {rows}: {answered(given)}"

    return Scene([arena.request("subscription.create", by="lapsed", body={})] * 3, verify)


@race("policy 14", watched=[SUBSCRIPTION], operation="subscription.partial_update", cases=ENDS)
def changing_while_it_ends(arena: Arena, end: str) -> Scene:
    """A subscription that is changed while it ends has ended."""
    change = arena.request(
        "subscription.partial_update",
        "premium-subscription",
        by="premium",
        body={"is_auto_renew": False},
    )
    left = _left(arena, end)
    return Scene([change, _ending(arena, end)], lambda given: _not_left(arena, end, left, given))


@race("policy 14", watched=[SUBSCRIPTION], operation="subscription.cancel")
def cancelling_while_it_is_downgraded(arena: Arena) -> Scene:
    """A subscription that is cancelled while it is downgraded is not on the paid tier again."""
    left = _left(arena, "downgrade")
    actions = [_ending(arena, "cancel"), _ending(arena, "downgrade")]
    return Scene(actions, lambda given: _not_left(arena, "downgrade", left, given))


def _ending(arena: Arena, end: str) -> Action:
    return arena.request(f"subscription.{end}", by="premium", body={})


def _left(arena: Arena, end: str) -> Mapping[str, Any]:
    """What an end promises to leave behind, and nothing that is done meanwhile brings back.

    Raises:
        NotApplicable: what is paid for lasts until it ends.
    """
    left = arena.bound.contract.api.operations[f"subscription.{end}"].effect
    if not left:
        raise NotApplicable(f"a {end} takes effect when what is paid for ends")
    return left


def _not_left(arena: Arena, end: str, wanted: Mapping[str, Any], given: Sequence[Any]) -> Iterator[str]:
    """What the second one promised to leave, where it was let in, and is not there."""
    key = arena.row("premium-subscription").pk
    stored = arena.rows(SUBSCRIPTION).filter(pk=key).values(*wanted).get()
    if succeeded(given[1:]) and stored != wanted:
        yield f"after the {end} the subscription has {stored}: {answered(given)}"
