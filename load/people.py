"""Who visits: the accounts of the world, what each may see, and the tier it is counted under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coursegate.contracts.world import GUEST
from coursegate.harness.canaries import Canary
from coursegate.harness.world import World

# Accounts that stand for a principal, besides the principal itself: they have paid the same, and own something else.
STAND_INS = {"registered": ("registered-bystander", "grown-learner-"), "premium": ("premium-bystander",)}
_TIER_OF = {"owner": "instructor", "peer": "instructor", "assistant": "instructor"}
# What reports and objectives may call those who make journeys.
TIERS = frozenset({"guest", "registered", "lapsed", "premium", "instructor"})
# What belongs to one account. A stand-in owns none of what the principal owns.
PERSONAL = (
    *("courses.Enrollment", "courses.Progress", "courses.Certificate", "courses.Note"),
    *("courses.AssessmentAttempt", "courses.AttemptAnswer", "courses.Notification", "users."),
)


@dataclass(frozen=True)
class Person:
    """A visitor.

    Attributes:
        name: the account in the world; "guest" for none.
        principal: the column of the access table by which it is answered.
    """

    name: str
    principal: str

    @property
    def tier(self) -> str:
        """What reports and objectives call it."""
        return _TIER_OF.get(self.principal, self.principal)

    def may_see(self, canary: Canary) -> bool:
        if self.name in canary.clearance:
            return True
        if self.name != self.principal and canary.model.startswith(PERSONAL):
            return False
        return self.principal in canary.clearance


def people_of(world: World, principal: str) -> list[Person]:
    """Everybody in the world who is answered as that principal; nobody whose account could not be built."""
    if principal == GUEST:
        return [Person(GUEST, GUEST)]
    wanted = (principal, *STAND_INS.get(principal, ()))
    names = [name for name in world.accounts if name in wanted or name.startswith(_families(wanted))]
    return [Person(name, principal) for name in names if name in world.ids]


def _families(wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name.endswith("-"))
