"""What cannot be asked of a deployment is told, and leaves the rest to be judged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer
from coursegate.suites.deployed.reading import every_read_is_answered
from coursegate.suites.deployed.working import a_worker_counts_a_review

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


@pytest.mark.parametrize("body", [b'{"detail": "no"}', b"[]", b"<html>", b'{"total_reviews": null}'])
def test_course_that_tells_no_reviews_blocks_their_counting(body: bytes) -> None:
    """Where a course does not say how many reviews it has, the check is blocked, and says what was answered instead."""
    stage: Any = SimpleNamespace(
        serve=lambda: "http://127.0.0.1:1", send=lambda *_, **__: Answer(401, {}, body)
    )

    with pytest.raises(CannotAsk, match="not told: 401"):
        list(a_worker_counts_a_review(stage))
