"""One run from beginning to end: serve, seed, sign in, run Locust, judge."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import Any

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.contract import Contract, load_contract
from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk
from coursegate.harness.preflight.live import absent_operations, bind
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.unsupported import not_offered
from coursegate.harness.world import World
from coursegate.harness.world_file import read_world
from coursegate.load.judging.evidence import Evidence
from coursegate.load.judging.verdict import judge, void
from coursegate.load.order import Order, Throttle
from coursegate.load.own_paths import own_paths, sign_in_path
from coursegate.load.plan import seconds_of
from coursegate.load.question import Answered, Question
from coursegate.load.rows import Rows, read_rows
from coursegate.load.running import DELAY_MS, constant_delay, run_locust
from coursegate.load.scenarios.catalogue import SCENARIOS, chosen
from coursegate.load.serving.server import Building, CannotServe, Fleet, Served, serving
from coursegate.load.serving.storage import storage
from coursegate.load.signing import CannotSignIn, Tokens

# What the overlay leaves of the sign-in's limit, so that there is one to probe.
RATE, LIMIT, WINDOW = "10/min", 10, 60.0
Tell = Callable[[Order, Rows], None]


@dataclass(frozen=True)
class Standing:
    """A target that answers.

    Attributes:
        process: its server, where it is ours.
        setting: how it runs, for the report.
    """

    url: str
    world: Path
    process: Popen[bytes] | None
    throttle: Throttle | None
    setting: Mapping[str, Any]


def run_load(question: Question, tell: Tell, say: Callable[[str], None]) -> Answered:
    """Make one run and judge it.

    Args:
        tell: called about once a second with what has been seen so far.
        say: told in words what happens besides.

    Raises:
        WorldFileError: the world file of a deployment cannot be used.
        NoService: a database was asked for, and cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="coursegate-load-") as scratch, ExitStack() as stack:
        try:
            standing = stack.enter_context(_standing(question, Path(scratch), say))
        except CannotServe as problem:
            return Answered(question, void("target-does-not-start", str(problem)))
        try:
            return _run(question, standing, Path(scratch), tell, say)
        except CannotSignIn as problem:
            verdict = void("target-unreachable", str(problem))
            return Answered(question, verdict, setting=standing.setting)


@contextmanager
def _standing(question: Question, scratch: Path, say: Callable[[str], None]) -> Iterator[Standing]:
    if isinstance(question.target, str):
        assert question.world is not None
        yield Standing(question.target, question.world, None, question.throttle, {"url": question.target})
        return
    with storage(question.database, RATE) as kept:
        fleet = Fleet(question.processes or kept.processes)
        say(f"serving {question.target.path}: {fleet.processes} x {fleet.threads} threads, {kept.said}")
        with serving(question.target, _building(question), scratch, kept.services, fleet) as served:
            yield _of_served(question, served, kept.said, fleet)


def _building(question: Question) -> Building:
    return Building(question.contract, question.size, question.seed)


def _of_served(question: Question, served: Served, said: str, fleet: Fleet) -> Standing:
    setting = {
        "path": question.label,
        "storage": said,
        "server": f"gunicorn, {fleet.processes} processes of {fleet.threads} threads",
        "world": f"{question.size}x",
    }
    throttle = Throttle(LIMIT, WINDOW) if served.throttled else None
    return Standing(served.url, served.world, served.process, throttle, setting)


def _run(
    question: Question, standing: Standing, scratch: Path, tell: Tell, say: Callable[[str], None]
) -> Answered:
    file = read_world(standing.world)
    contract = load_contract(question.contract, file.size)
    world = file.world(contract)
    say(f"signing in at {standing.url}")
    paths = own_paths(question.agreement, contract.api)
    tokens = Tokens.prepared(standing.url, world, _principals(), sign_in_path(paths))
    absent = _absent(standing, contract, question.agreement)
    left_out = dict(_left_out(question, world, absent))
    tokens.write(scratch / "tokens.json")
    order = Order(
        run=uuid.uuid4().hex,
        host=standing.url,
        plan=question.plan,
        rows=str(scratch / "rows.jsonl"),
        world=str(standing.world),
        tokens=str(scratch / "tokens.json"),
        seed=question.seed,
        contract=str(question.contract),
        delay_ms=DELAY_MS,
        workers=question.workers,
        most_requests=question.most_requests,
        throttle=_waiting(standing.throttle, question),
        only=tuple(one.name for one in chosen(question.only) if one.name not in left_out),
        paths=paths,
        bodies={name: dict(keys) for name, keys in question.agreement.bodies.items()},
    )
    if not order.only:
        return Answered(question, void("no-scenarios", "; ".join(left_out.values())), left_out=left_out)
    with constant_delay(scratch) as delay:
        # From another machine the endpoint of this one would measure the network.
        order = order if question.master_at else replace(order, delay=delay)
        watched = run_locust(
            order, scratch, standing.process, lambda rows: tell(order, rows), question.master_at
        )
    rows = read_rows(Path(order.rows))
    order = replace(order, plan=rows.plan or order.plan)
    verdict = judge(Evidence(order, rows, watched), question.objectives, question.profile)
    return Answered(question, verdict, order, rows, watched, left_out, standing.setting)


def _principals() -> list[str]:
    """Everybody who makes a journey."""
    names = {name: None for scenario in SCENARIOS.values() for name in scenario.principals if name != GUEST}
    return list(names)


def _absent(standing: Standing, contract: Contract, agreement: Agreement) -> frozenset[str]:
    """Operations that this target may lack and lacks, and those that its team does not offer."""
    deployment = Deployment(standing.url, read_world(standing.world), agreement=agreement)
    try:
        bound = bind(deployment, contract)
        return frozenset(absent_operations(bound) | not_offered(bound))
    except CannotAsk as problem:
        raise CannotSignIn(str(problem)) from None


def _left_out(question: Question, world: World, absent: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Scenarios that cannot be asked here, and why."""
    may_write = question.writes or not isinstance(question.target, str)
    for scenario in chosen(question.only):
        if scenario.writes and not may_write:
            yield scenario.name, "it writes, and nothing may be written there (--allow-writes)"
        elif lacking := [name for name in scenario.operations if name in absent]:
            yield scenario.name, f"the target does not have {lacking[0]}"
        elif all(name != GUEST and name not in world.ids for name in scenario.principals):
            yield scenario.name, "no account to make it with could be built"


def _waiting(throttle: Throttle | None, question: Question) -> Throttle | None:
    if throttle is None:
        return None
    return replace(throttle, waits=seconds_of(question.plan) > throttle.window + 30)
