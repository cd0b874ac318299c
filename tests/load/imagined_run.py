"""A run as if it had been made: rows as a generator would have written them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from coursegate.load.judging.evidence import Evidence
from coursegate.load.order import Order
from coursegate.load.plan import Plan, Stage, bounds
from coursegate.load.rows import OK, Row, Rows
from coursegate.load.running import Watched

START = 1_000_000.0
PLAN: Plan = (Stage("warm-up", 5, 2, judged=False), Stage("steady", 30, 10))
ORDER = Order("run-1", "http://127.0.0.1:1", PLAN, "", "", "", "seed", "", "http://127.0.0.1:2", 20.0)


def row(due: float = 10.0, **changed: Any) -> Row:
    """A request that went well, so many seconds after the start."""
    plain = Row(START + due, "guest-browsing", "courses.list", "guest", 200, 40.0, 1.0, 500, True, OK)
    return plain._replace(**changed)


def whole_run(plan: Plan = PLAN) -> list[Row]:
    """Every arrival of the plan, evenly spread."""
    return [
        row(begin + number / stage.rate)
        for stage, begin, _ in bounds(plan)
        for number in range(round(stage.rate * stage.seconds))
    ]


def evidence(
    rows: Sequence[Row] | None = None, *, order: Order = ORDER, code: int | None = 0, **changed: Any
) -> Evidence:
    """A run that was whole, but for what is changed of its rows."""
    found = Rows(
        run=order.run,
        started=START,
        ended="in order",
        ended_at=START + 36,
        rows=list(whole_run() if rows is None else rows),
        reporting={"local": (350, True)},
        delays=[1.0] * 100,
    )
    for name, value in changed.items():
        setattr(found, name, value)
    return Evidence(order, found, Watched(code=code))


def watched(given: Evidence, **changed: Any) -> Evidence:
    return replace(given, watched=replace(given.watched, **changed))
