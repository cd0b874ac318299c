"""What is asked of a run, and what a run answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.slo import Objectives
from coursegate.harness.targets.binding import Binding
from coursegate.load.judging.verdict import Verdict
from coursegate.load.order import Order, Throttle
from coursegate.load.plan import Plan
from coursegate.load.rows import Rows
from coursegate.load.running import Watched
from coursegate.load.serving.storage import AUTO


@dataclass(frozen=True)
class Question:
    """One run.

    Attributes:
        target: a checkout to be served, or the URL of a deployment.
        world: of a URL, the file that says what stands there.
        writes: whether a URL may be written to.
        database: of a checkout, one of `storage.KINDS`.
        processes: of the server of a checkout; 0 for as many as can share its database and cache.
        workers: generator processes; 0 for one that is its own master.
        master_at: where workers on other machines find the master; "" where they run here.
        only: names of scenarios; empty for all that can be asked.
        throttle: of a URL, the limit of its sign-in, where it is known.
        history: a file with a line for each earlier night.
        agreement: what the target's team says of it.
    """

    target: Binding | str
    profile: str
    plan: Plan
    objectives: Objectives
    contract: Path
    world: Path | None = None
    size: int = 1
    seed: str = "coursegate"
    writes: bool = False
    database: str = AUTO
    processes: int = 0
    workers: int = 0
    master_at: str = ""
    most_requests: int = 1_000_000
    only: tuple[str, ...] = ()
    throttle: Throttle | None = None
    history: Path | None = None
    agreement: Agreement = field(default_factory=Agreement)

    @property
    def label(self) -> str:
        return self.target if isinstance(self.target, str) else str(self.target.path)


@dataclass
class Answered:
    """A run that was made, or could not be.

    Attributes:
        left_out: scenario -> why it was not asked.
        setting: how the target ran, for the report.
    """

    question: Question
    verdict: Verdict
    order: Order | None = None
    rows: Rows = field(default_factory=Rows)
    watched: Watched = field(default_factory=Watched)
    left_out: Mapping[str, str] = field(default_factory=dict)
    setting: Mapping[str, Any] = field(default_factory=dict)
