"""A standing that changes while a request of its owner is on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.harness.client import CannotAsk
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.race import Scene, race

LESSON = "lesson-premium"


@race("policy 1", watched=["users.Subscription", "users.CustomUser"], operation="lessons.retrieve")
def a_downgrade_during_a_request(arena: Arena) -> Scene:
    """Whoever loses premium while a request is on its way has lost it in the next one."""
    world = arena.bound.world
    clearance = world.contract.objects[LESSON].clearance
    planted = world.planted.get(LESSON, {})
    tokens = [token for name, token in planted.items() if "registered" not in clearance[name]]
    subscription = arena.row("premium-subscription")
    read = arena.request("lessons.retrieve", LESSON, by="premium")
    if not _shows(read(), tokens):
        raise CannotAsk(f"{LESSON} shows a premium learner nothing of its own to begin with")
    arena.bound.target.clear_caches()

    def downgrade() -> None:
        subscription.tier = "registered"
        subscription.save()

    def verify(_given: Sequence[Any]) -> Iterator[str]:
        if _shows(after := read(), tokens):
            yield f"the next request still answers {after.status} with the premium content"

    return Scene([read, downgrade], verify)


def _shows(answer: Any, tokens: Sequence[str]) -> bool:
    return any(token in answer.text for token in tokens)
