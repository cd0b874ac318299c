"""The checks of this room: one for each life that is led."""

from __future__ import annotations

from dataclasses import dataclass

from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check

LEARNING, PUBLISHING, SUBSCRIBING = "learning", "publishing", "subscribing"
# Life -> the operation it begins with, what must hold at every step, and by whom that is promised.
LIVES = {
    LEARNING: (
        "courses.enroll",
        "enrolment, progress, certificate and counters agree after every step",
        ("policy 8", "policy 9"),
    ),
    PUBLISHING: (
        "courses.publish",
        "what is published is there for everybody, what is not for its team only, clones too",
        ("policy 3", "policy 7"),
    ),
    SUBSCRIBING: (
        "subscription.current",
        "the level follows the subscription on the very next request",
        ("policy 1", "policy 4"),
    ),
}


@dataclass(frozen=True)
class LifecycleCheck(Check):
    """`life` is a key of LIVES."""

    life: str


def checks(_contract: Contract) -> list[LifecycleCheck]:
    return [
        LifecycleCheck(
            id=f"lifecycle/{life}",
            operation=operation,
            principal="",
            subject="",
            expected=expected,
            sources=sources,
            life=life,
        )
        for life, (operation, expected, sources) in LIVES.items()
    ]
