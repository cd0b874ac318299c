"""The checks of this room: what is closed or filtered, asked again by somebody who claims a tier, a role, a right."""

from __future__ import annotations

from dataclasses import dataclass

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
QUERY = "user_access_level=premium&tier=premium&role=admin&is_staff=true&include_drafts=true&preview=true"


@dataclass(frozen=True)
class ClaimCheck(Check):
    """A cell, asked with claims in headers and query."""

    cell: Cell


def checks(contract: Contract) -> list[ClaimCheck]:
    return [
        ClaimCheck(
            id=f"claims/{'lists' if contract.api.operations[cell.operation].collection else 'rows'}/{cell.id}",
            operation=cell.operation,
            principal=cell.principal,
            subject=cell.subject,
            expected=f"{cell.expected}, as without claims",
            sources=("policy 1", "policy 2"),
            cell=cell,
        )
        for cell in contract.access.cells.values()
        if contract.api.operations[cell.operation].is_safe
        and cell.principal in ASKED_AS
        and cell.outcomes <= CLOSED
        and not cell.variant
    ]
