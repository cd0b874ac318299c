"""What a generator process is told, in a file: it runs in processes and on machines of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coursegate.harness.atomic_file import OWNER, write_whole
from coursegate.load.plan import Plan, plan_of

# Names the order; without it, Locust was started by hand.
ORDER_VARIABLE = "COURSEGATE_LOAD_ORDER"


@dataclass(frozen=True)
class Throttle:
    """A limit that the throttle probe asks at.

    Attributes:
        limit: requests that are let through in one window.
        window: its length in seconds.
        waits: whether the run is long enough to ask again after the window.
    """

    limit: int
    window: float
    waits: bool = False


@dataclass(frozen=True)
class Order:
    """One run of the generator.

    Attributes:
        run: names this run; rows of any other are stale.
        rows: the file that the master, or the only process, appends its rows to.
        world: the world file; `tokens` the access tokens by account, which nobody else may read.
        delay: where an endpoint answers after exactly `delay_ms`; "" where there is none.
        workers: how many worker processes there are; 0 for a single process.
        most_requests: the run ends there, whatever the plan says; over all workers.
        only: names of scenarios; empty for all.
        paths: operation -> its path in the target, where it is not the contract's.
        bodies: operation -> key -> what the target wants in its body besides.
    """

    run: str
    host: str
    plan: Plan
    rows: str
    world: str
    tokens: str
    seed: str
    contract: str
    delay: str = ""
    delay_ms: float = 0.0
    workers: int = 0
    most_requests: int = 1_000_000
    throttle: Throttle | None = None
    only: tuple[str, ...] = field(default=())
    paths: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        write_whole(path, json.dumps(asdict(self)), OWNER)


def read_order(path: Path) -> Order:
    return order_of(json.loads(path.read_text(encoding="utf-8")))


def order_of(data: dict[str, Any]) -> Order:
    """The order that `asdict` was made of."""
    data["plan"] = plan_of(data["plan"])
    data["throttle"] = Throttle(**data["throttle"]) if data["throttle"] else None
    data["only"] = tuple(data["only"])
    return Order(**data)
