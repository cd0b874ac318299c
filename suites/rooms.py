"""The rooms of this house: each is a folder that asks one question, and says here which checks it makes and how it asks.

A room holds `cases.py` with its checks, `asking.py`, and a test that takes `check`; it is parametrised from this table.
The table of access and the inventory have cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound, Session
from coursegate.harness.verdicts import Judgement, Problem
from coursegate.suites.claims import asking as claims_asking
from coursegate.suites.claims import cases as claims
from coursegate.suites.concurrency import asking as concurrency_asking
from coursegate.suites.concurrency import cases as concurrency
from coursegate.suites.contract import asking as contract_asking
from coursegate.suites.contract import cases as contract
from coursegate.suites.credentials import asking as credentials_asking
from coursegate.suites.credentials import cases as credentials
from coursegate.suites.deployed import asking as deployed_asking
from coursegate.suites.deployed import cases as deployed
from coursegate.suites.files import asking as files_asking
from coursegate.suites.files import cases as files
from coursegate.suites.fuzz import asking as fuzz_asking
from coursegate.suites.fuzz import cases as fuzz
from coursegate.suites.isolation import asking as isolation_asking
from coursegate.suites.isolation import cases as isolation
from coursegate.suites.lifecycle import asking as lifecycle_asking
from coursegate.suites.lifecycle import cases as lifecycle
from coursegate.suites.outside import asking as outside_asking
from coursegate.suites.outside import cases as outside
from coursegate.suites.overposting import asking as overposting_asking
from coursegate.suites.overposting import cases as overposting
from coursegate.suites.regression import asking as regression_asking
from coursegate.suites.regression import cases as regression
from coursegate.suites.standing import asking as standing_asking
from coursegate.suites.standing import cases as standing
from coursegate.suites.verbs import asking as verbs_asking
from coursegate.suites.verbs import cases as verbs


@dataclass(frozen=True)
class Room:
    """What a room asks, and how: `ask` takes one of its checks.

    Attributes:
        verdict: how it comes to a verdict where the target may not have started; None where it cannot.
    """

    checks: Callable[[Contract], Sequence[Check]]
    ask: Callable[[Any, Bound], tuple[list[Exchange], Iterable[Problem]]]
    verdict: Callable[[Any, Session], Judgement] | None = None


ROOMS: Mapping[str, Room] = {
    "claims": Room(claims.checks, claims_asking.ask),
    "concurrency": Room(concurrency.checks, concurrency_asking.ask),
    "contract": Room(contract.checks, contract_asking.ask, contract_asking.verdict),
    "credentials": Room(credentials.checks, credentials_asking.ask),
    "deployed": Room(deployed.checks, deployed_asking.ask),
    "files": Room(files.checks, files_asking.ask),
    "fuzz": Room(fuzz.checks, fuzz_asking.ask),
    "isolation": Room(isolation.checks, isolation_asking.ask),
    "lifecycle": Room(lifecycle.checks, lifecycle_asking.ask),
    "outside": Room(outside.checks, outside_asking.ask),
    "overposting": Room(overposting.checks, overposting_asking.ask),
    "regression": Room(regression.checks, regression_asking.ask, regression_asking.verdict),
    "standing": Room(standing.checks, standing_asking.ask),
    "verbs": Room(verbs.checks, verbs_asking.ask),
}


@lru_cache(maxsize=1)
def checks_by_room(contract: Contract) -> Mapping[str, Sequence[Check]]:
    """The checks that each room makes of a contract; made once for it, and for all processes that are forked then."""
    return {name: room.checks(contract) for name, room in ROOMS.items()}


SUITES = ("access", "inventory", *ROOMS)
