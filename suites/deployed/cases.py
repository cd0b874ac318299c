"""The checks of this room."""

from __future__ import annotations

from importlib import import_module

from coursegate.contracts.contract import Contract
from coursegate.suites.deployed.promise import MARKED, DeployedCheck, checks_of

# Importing a file is what marks its checks.
FILES = ("migrating", "throttling", "outage", "pages", "reading", "working")


def checks(contract: Contract) -> list[DeployedCheck]:
    for name in FILES:
        import_module(f"coursegate.suites.deployed.{name}")
    return [
        check
        for check in checks_of(MARKED)
        if not check.operation or check.operation in contract.api.operations
    ]
