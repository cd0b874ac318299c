"""What one run of the gate knows, and what every suite is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.contract import Contract
from coursegate.harness.client import Client
from coursegate.harness.inventory import Line
from coursegate.harness.profile import Profile
from coursegate.harness.targets.finding import Place
from coursegate.harness.targets.target import Target
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import World

# Where collection finds the contract that the cases are made of.
CONTRACT = pytest.StashKey[Contract]()
# And the inventory, which preflight has already taken.
INVENTORY = pytest.StashKey[Mapping[str, Line]]()


@dataclass(frozen=True)
class Selection:
    """What a run is asked for; empty for everything.

    Attributes:
        checks: ids of checks, or the beginnings of some, up to a slash.
        findings: of the audit; what cites one of them is asked.
        left_out: ids of checks that are newer than the release that was asked for.
    """

    operations: frozenset[str] = frozenset()
    principals: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    @property
    def rooms(self) -> frozenset[str]:
        """The suites that the named checks stand in; empty where none is named."""
        return frozenset(check.partition("/")[0] for check in self.checks)

    def wants(
        self, check: str, operation: str = "", principal: str = "", sources: Iterable[str] = ()
    ) -> bool:
        return (
            check not in self.left_out
            and (not self.operations or operation in self.operations)
            and (not self.principals or principal in self.principals)
            and (not self.checks or any(is_below(check, name) for name in self.checks))
            and (not self.findings or not self.findings.isdisjoint(sources))
        )


def is_below(check: str, name: str) -> bool:
    """Whether the id of a check is `name`, or begins with it."""
    return f"{check}/".startswith(f"{name.rstrip('/')}/")


SELECTION = pytest.StashKey[Selection]()


@dataclass(frozen=True)
class Bound:
    """A target that answers, with the world in it.

    Attributes:
        agreement: what the target's team says of it.
        statuses: cell -> how its own request was answered, where several checks need to know.
        profile: how much may be spent on what has no natural end.
        selection: which checks are asked for, where several share what they do.
        lost: operations whose view cannot be imported; why stands beside each.
    """

    contract: Contract
    target: Target
    world: World
    client: Client
    agreement: Agreement = field(default_factory=Agreement)
    statuses: dict[str, int] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    selection: Selection = field(default_factory=Selection)
    lost: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Session:
    """A run: the bound target, or the reason why none could be bound and everything over HTTP is blocked.

    Attributes:
        absent: operations that the target may lack, and lacks; why stands beside each.
        place: the checkout or deployment that was named, whether or not it could be bound.
    """

    contract: Contract
    bound: Bound | None = None
    blocked: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None

    def unasked(self, operation: str) -> tuple[Verdict, str] | None:
        """The verdict on whatever asks an operation that is not there, and why; None where it may be."""
        if self.bound and operation in self.bound.lost:
            return Verdict.BLOCKED, self.bound.lost[operation]
        return (Verdict.NOT_APPLICABLE, self.absent[operation]) if operation in self.absent else None
