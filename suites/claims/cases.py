"""The checks of this room: what is closed or filtered, asked again by somebody who claims a tier, a role, a right; what is
the caller's own, asked for in the name of somebody else; and lists, asked for what belongs to one course of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import Check

ASKED_AS = (GUEST, "registered", "lapsed")
CLOSED = frozenset({Outcome.LOCKED, Outcome.HIDDEN, Outcome.LOGIN, Outcome.DENIED, Outcome.FILTERED})
# Names that backends of this family use inside, as a caller would guess them.
HEADERS = {
    "X-User-Access-Level": "premium",
    "X-Access-Level": "premium",
    "X-User-Tier": "premium",
    "X-Subscription-Tier": "premium",
    "X-User-Role": "admin",
    "X-Is-Staff": "true",
    "X-Remote-User": "staff",
}
# What each learner sees of their own (policy 6), and one whose own is other than the caller's: nobody the table asks as.
OWN = {
    "profile.retrieve/self": "registered-bystander",
    "subscription.list/subscriptions": "premium-bystander",
    "subscription.current/self": "premium-bystander",
    "course-progress.retrieve/course-open": "registered-bystander",
    "enrollments.list/enrollments": "registered-bystander",
    "progress.list/progress": "registered-bystander",
    "notes.list/notes": "registered-bystander",
    "certificates.list/certificates": "premium-bystander",
    "user-progress-stats.retrieve/self": "registered-bystander",
    "user-progress-stats-legacy.retrieve/self": "registered-bystander",
    "me-stats.retrieve/self": "registered-bystander",
}
# Who has much to do with a course, and would be shown more of it by a list that looks there for its rows.
TEACHING = ("owner", "assistant", "registered")
QUERY = "user_access_level=premium&tier=premium&role=admin&is_staff=true&include_drafts=true&preview=true"


@dataclass(frozen=True)
class ClaimCheck(Check):
    """A cell, asked with claims in headers and query."""

    cell: Cell


@dataclass(frozen=True)
class OthersCheck(ClaimCheck):
    """A cell about what is the caller's own, asked with parameters that name another.

    Attributes:
        other: who is named.
    """

    other: str


@dataclass(frozen=True)
class ParentsCheck(ClaimCheck):
    """A list, asked with parameters that name what its rows belong to."""


Made = TypeVar("Made", bound=ClaimCheck)


def checks(contract: Contract) -> list[ClaimCheck]:
    return [*_claims(contract), *_others(contract), *_parents(contract)]


def _about(
    make: Callable[..., Made], family: str, cell: Cell, expected: str, sources: tuple[str, ...]
) -> Made:
    return make(
        id=f"claims/{family}/{cell.id}",
        operation=cell.operation,
        principal=cell.principal,
        subject=cell.subject,
        expected=expected,
        sources=sources,
        cell=cell,
    )


def _parents(contract: Contract) -> Iterator[ParentsCheck]:
    for cell in contract.access.cells.values():
        is_list = bool(contract.api.operations[cell.operation].collection)
        if is_list and cell.principal in TEACHING and cell.outcomes == {Outcome.FILTERED}:
            expected = f"{cell.expected}, of one course, module or lesson as of all"
            yield _about(ParentsCheck, "parents", cell, expected, ("policy 6", "GUARD-03"))


def _others(contract: Contract) -> Iterator[OthersCheck]:
    for row, other in OWN.items():
        cell = contract.access.cells[f"{row}/registered"]
        expected = "the caller's own, whomever a parameter names"
        yield _about(partial(OthersCheck, other=other), "others", cell, expected, ("policy 6",))


def _claims(contract: Contract) -> Iterator[ClaimCheck]:
    for cell in contract.access.cells.values():
        operation = contract.api.operations[cell.operation]
        is_closed = cell.principal in ASKED_AS and cell.outcomes <= CLOSED
        if operation.is_safe and is_closed and not cell.variant:
            family = "lists" if operation.collection else "rows"
            expected = f"{cell.expected}, as without claims"
            yield _about(ClaimCheck, family, cell, expected, ("policy 1", "policy 2"))
