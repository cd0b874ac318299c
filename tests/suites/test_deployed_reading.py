"""A read that cannot be asked leaves the others to be judged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer
from coursegate.suites.deployed.reading import every_read_is_answered

MISSING, BROKEN = "certificates.list", "search.list"


def _stage(broken: str = "") -> Any:
    """A deployment without certificates, of which at most one operation fails."""

    def ask(_url: str, cell: Cell) -> Answer:
        if cell.operation == MISSING:
            raise CannotAsk("certificates were not built")
        return Answer(500 if cell.operation == broken else 200, {}, b"{}")

    return SimpleNamespace(contract=load_contract(), serve=lambda: "http://127.0.0.1:1", ask=ask)


def test_what_could_not_be_asked_is_told() -> None:
    """Where all others are answered, the check is blocked, and says over what and how many it has seen."""
    with pytest.raises(
        CannotAsk, match=rf"^{MISSING} could not be asked .*; the other \d+ reads are answered$"
    ):
        list(every_read_is_answered(_stage()))


def test_a_broken_read_is_told_beside_it() -> None:
    """An error of the server counts, although another operation could not be asked."""
    found = list(every_read_is_answered(_stage(BROKEN)))

    assert len(found) == 1
    assert found[0].startswith(BROKEN)
