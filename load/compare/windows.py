"""Windows: the same journeys sent to two servers, and what each of them took for it."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from coursegate.load.cast import Cast
from coursegate.load.compare.plain_sender import PlainSender
from coursegate.load.rows import FAILED, THROTTLED, WRONG
from coursegate.load.scenarios.catalogue import arriving
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.signing import Tokens
from coursegate.load.visit import Visit

# Journeys of a window: some 15 requests. What varies between windows is what the machine does besides; of many
# short pairs one learns more than of a few long ones.
JOURNEYS = 4


@dataclass(frozen=True)
class Side:
    """One of the two.

    Attributes:
        pid: of its server; its children count as well.
    """

    name: str
    url: str
    cast: Cast
    tokens: Tokens
    pid: int


@dataclass(frozen=True)
class Window:
    """What one window took.

    Attributes:
        cpu: milliseconds of the server's processor time per request.
        latency: the median, in milliseconds.
        statements: operation -> median of its statements in the database.
        bad: requests that were not answered as promised.
    """

    side: str
    requests: int
    cpu: float
    latency: float
    statements: dict[str, float]
    bad: int


@dataclass(frozen=True)
class Pair:
    base: Window
    head: Window


def pairs(
    base: Side, head: Side, count: int, seed: str, tell: Callable[[int, Pair], None] = lambda *_: None
) -> Iterator[Pair]:
    """So many pairs; which of the two goes first is left to chance. The first window of each warms it up, uncounted."""
    chance = random.Random(seed)
    for side in (base, head):
        measure(side, f"{seed}/warm")
    for number in range(count):
        order = [base, head] if chance.random() < 0.5 else [head, base]
        found = {side.name: measure(side, f"{seed}/{number}") for side in order}
        pair = Pair(found[base.name], found[head.name])
        tell(number, pair)
        yield pair


def measure(side: Side, seed: str) -> Window:
    """One window of journeys that the seed alone decides."""
    sender, chance = PlainSender(side.url), random.Random(seed)
    scenarios = arriving()
    planned = chance.choices(scenarios, [scenario.weight for scenario in scenarios], k=JOURNEYS)
    try:
        before = processor_time(side.pid)
        for scenario in planned:
            _travel(scenario, side, sender, random.Random(chance.random()))
        used = processor_time(side.pid) - before
    finally:
        sender.close()
    return _window(side, sender, used)


def _window(side: Side, sender: PlainSender, used: float) -> Window:
    statements: dict[str, list[int]] = defaultdict(list)
    for row in sender.rows:
        if row.queries >= 0:
            statements[row.operation].append(row.queries)
    return Window(
        side.name,
        len(sender.rows),
        used * 1000 / max(1, len(sender.rows)),
        median(row.latency for row in sender.rows) if sender.rows else 0.0,
        {operation: float(median(counts)) for operation, counts in statements.items()},
        sum(row.outcome in (FAILED, THROTTLED, WRONG) for row in sender.rows) + len(sender.told),
    )


def _travel(scenario: Scenario, side: Side, sender: PlainSender, chance: random.Random) -> None:
    names, parts = list(scenario.principals), list(scenario.principals.values())
    person = side.cast.person(chance.choices(names, parts)[0], chance)
    if person is not None:
        visit = Visit(scenario.name, person, side.cast, sender, sender, side.tokens.of, chance, time.time())
        scenario.journey(visit)


def processor_time(pid: int) -> float:
    """Seconds of processor time of a server's processes, to the nanosecond where the system tells it."""
    try:
        family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return 0.0
    return sum(_of_process(one) for one in family)


def _of_process(pid: int) -> float:
    try:
        # Linux names the clock of a process's processor time by its id (CPUCLOCK_SCHED).
        return time.clock_gettime((~pid << 3) | 2)
    except (OSError, AttributeError):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)


def risen(found: Sequence[Pair]) -> dict[str, tuple[float, float]]:
    """Operations whose statements in the database are more in head than in base: operation -> (base, head)."""
    base: dict[str, list[float]] = defaultdict(list)
    head: dict[str, list[float]] = defaultdict(list)
    for pair in found:
        for operation in pair.base.statements.keys() & pair.head.statements.keys():
            base[operation].append(pair.base.statements[operation])
            head[operation].append(pair.head.statements[operation])
    medians = {operation: (median(base[operation]), median(head[operation])) for operation in base}
    return {operation: both for operation, both in sorted(medians.items()) if both[1] > both[0]}
