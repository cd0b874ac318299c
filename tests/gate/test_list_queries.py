"""No list of the reference backend costs more queries where the shop holds more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coursegate.tests.gate.gate_process import BACKEND

# One account has one subscription, so this list is as long in any world.
NEVER_LONGER = {"subscription.list"}


Costs = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def costs() -> Costs:
    """Size of the world -> cell of a list -> what one answer cost."""
    return {size: _costs(BACKEND, size) for size in (1, 10)}


def _costs(target: Path, size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "coursegate.tests.gate.list_queries"]
    done = subprocess.run(
        [*command, str(target), str(size)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["missing"] == {}
    lists: dict[str, Any] = told["lists"]
    return lists


def _dearer(costs: Costs) -> dict[str, str]:
    """The lists that need more queries where they are longer, and the last one of them."""
    small, large = costs[1], costs[10]
    return {
        cell: f"{small[cell]['queries']} -> {cost['queries']} for {cost['rows']} rows: {cost['last']}"
        for cell, cost in large.items()
        # Fewer only mean that nothing on a page of hundred rows has, say, an assessment to be fetched.
        if cost["queries"] > small[cell]["queries"]
    }


def test_every_list_grows(costs: Costs) -> None:
    """Each list is longer for somebody in the larger world, or its queries would prove nothing."""
    longer = {cell.split("/")[0] for cell, cost in costs[10].items() if cost["rows"] > costs[1][cell]["rows"]}

    assert longer | NEVER_LONGER == {cell.split("/")[0] for cell in costs[1]}


def test_queries_do_not_grow_with_the_world(costs: Costs) -> None:
    """With ten times the rows each list needs no more queries than before, whoever asks."""
    assert _dearer(costs) == {}


def test_query_per_row_is_noticed(costs: Costs, backend: Path) -> None:
    """A backend that fetches the author of each review on its own is told by that list, and by no other."""
    reviews = backend / "courses" / "serializers" / "reviews.py"
    text = reviews.read_text(encoding="utf-8")
    assert text.count('queryset.select_related("user")') == 1
    reviews.write_text(text.replace('queryset.select_related("user")', "queryset"), encoding="utf-8")
    dearer = _dearer({1: costs[1], 10: _costs(backend, 10)})

    assert {cell.split("/")[0] for cell in dearer} == {"reviews.list"}
    assert "users_customuser" in dearer["reviews.list/reviews/registered"]
