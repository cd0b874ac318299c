"""The rooms of this house: each is a folder that asks one question, and says here which checks it makes.

A room holds `cases.py` with its checks and a test that takes `check`; it is parametrised from this table. The table
of access and the inventory have cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check
from coursegate.suites.claims import cases as claims
from coursegate.suites.credentials import cases as credentials
from coursegate.suites.files import cases as files
from coursegate.suites.overposting import cases as overposting
from coursegate.suites.standing import cases as standing
from coursegate.suites.verbs import cases as verbs

ROOMS: Mapping[str, Callable[[Contract], Sequence[Check]]] = {
    "claims": claims.checks,
    "credentials": credentials.checks,
    "files": files.checks,
    "overposting": overposting.checks,
    "standing": standing.checks,
    "verbs": verbs.checks,
}
SUITES = ("access", "inventory", *ROOMS)
