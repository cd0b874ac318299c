"""The checks of this room: what is routed outside of the contract shows nothing, what is said not to be offered is not."""

from __future__ import annotations

from dataclasses import dataclass

from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import Check

ASKED_AS = (GUEST, "registered")
CANARIES, DECLARED = "canaries", "declared"


@dataclass(frozen=True)
class OutsideCheck(Check):
    """All routes outside of the contract as one principal, or all that a team declares not to offer."""

    @property
    def about(self) -> str:
        return self.id.split("/")[1]


def checks(contract: Contract) -> list[OutsideCheck]:
    found = [
        OutsideCheck(
            id=f"outside/{CANARIES}/{principal}",
            operation="",
            principal=principal,
            subject="routes outside of the contract",
            expected="nothing that is somebody else's",
            sources=("policy 4", "policy 6"),
        )
        for principal in ASKED_AS
        if principal in contract.world.principals
    ]
    declared = OutsideCheck(
        id=f"outside/{DECLARED}/unsupported",
        operation="",
        principal="",
        subject="what the team says it does not offer",
        expected="404, 405 or 501",
        sources=("policy 10",),
    )
    return [*found, declared]
