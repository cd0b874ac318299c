"""What Locust runs: `coursegate load` starts it with an order, and plain `locust` without.

By hand: COURSEGATE_WORLD names the world file (default world.json), --host the target. Every user is then a source
of arrivals; the number of users sets the rate.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import gevent
from locust import events
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner

from coursegate.load.generator.climbing import Climb
from coursegate.load.generator.lateness import watch_lateness
from coursegate.load.generator.ordering import packed, unpacked
from coursegate.load.generator.recording import KEY, RowFile
from coursegate.load.generator.setting import setting_of_process
from coursegate.load.generator.sources import drain, source_of
from coursegate.load.generator.stages import shape_of
from coursegate.load.plan import broken_off, plan_of, span_at
from coursegate.load.rows import Row

SETTING = setting_of_process()
SECONDS_TO_ARRIVE = 20.0
# All workers know of a new plan before it differs from the old one.
SECONDS_TO_TELL = 1.0

# Locust finds its user classes among the names of this module.
globals().update(
    {cls.__name__: cls for cls in (source_of(scenario, SETTING) for scenario in SETTING.scenarios)}
)
if SETTING.order:
    Stages = shape_of(SETTING)

# The master asks for the last reports, and a worker sends its own.
FINISH, LAST = "coursegate-finish", "coursegate-last"
# The master tells when a climb is over.
PLAN = "coursegate-plan"
# And before that a worker, wherever it runs, asks what is to be done, and is told.
READY, ORDER = "coursegate-ready", "coursegate-order"
_FILE: list[RowFile] = []
_LAST: set[str] = set()
_CLIMB = Climb()
_ORDERED: list[str] = []
# Where a worker keeps what it was sent, for nobody else's eyes and no longer than it lives.
_FOLDER = tempfile.TemporaryDirectory(prefix="coursegate-load-worker-")


def _sends_journeys(environment: Environment) -> bool:
    return not isinstance(environment.runner, MasterRunner)


@events.init.add_listener
def _prepare(environment: Environment, **_: Any) -> None:
    order, runner = SETTING.order, environment.runner
    SETTING.host = environment.host or ""
    if order and not isinstance(runner, WorkerRunner):
        _FILE.append(RowFile(Path(order.rows), order.run))
        gevent.spawn(_write_regularly, environment)
    if isinstance(runner, MasterRunner):
        runner.register_message(LAST, _collect_last)
        runner.register_message(READY, partial(_send_order, runner))
    elif isinstance(runner, WorkerRunner):
        runner.register_message(FINISH, _finish_soon)
        runner.register_message(ORDER, _take_order)
        runner.register_message(PLAN, _take_plan)
        runner.send_message(READY, {})
    else:
        SETTING.ordered.set()
    if _sends_journeys(environment) and not isinstance(runner, WorkerRunner):
        SETTING.cast.oracle  # noqa: B018 -- read now, not when the first journey is due


def _send_order(runner: MasterRunner, msg: Any, **_: Any) -> None:
    if SETTING.order and msg.node_id not in _ORDERED:
        _ORDERED.append(msg.node_id)
        runner.send_message(ORDER, packed(SETTING.order, len(_ORDERED) - 1), msg.node_id)
    elif not SETTING.order:
        runner.send_message(ORDER, {}, msg.node_id)


def _take_order(msg: Any, **_: Any) -> None:
    if msg.data:
        SETTING.obey(*unpacked(msg.data, Path(_FOLDER.name)))
    SETTING.cast.oracle  # noqa: B018 -- read now, not when the first journey is due
    SETTING.ordered.set()


def _take_plan(msg: Any, **_: Any) -> None:
    SETTING.follow(plan_of(msg.data["plan"]))


@events.test_start.add_listener
def _start(environment: Environment, **_: Any) -> None:
    SETTING.started, SETTING.accepting = time.time(), True
    SETTING.buffer.begin()
    if _FILE:
        _FILE[0].write({"started": SETTING.started})
    if _sends_journeys(environment):
        gevent.spawn(watch_lateness, SETTING)


@events.test_stopping.add_listener
def _stop(environment: Environment, **_: Any) -> None:
    """Before anybody is cut off: no new journeys, and time for those on their way."""
    runner = environment.runner
    if not isinstance(runner, MasterRunner):
        _finish()
    elif SETTING.order:
        # Locust itself gives its workers half a second for their last report.
        runner.send_message(FINISH, {})
        deadline = time.monotonic() + SECONDS_TO_ARRIVE + 5
        while len(_LAST) < SETTING.order.workers and time.monotonic() < deadline:
            if not any(node.state != STATE_MISSING for node in runner.clients.all):
                return
            gevent.sleep(0.1)


def _finish() -> None:
    if SETTING.accepting:
        SETTING.accepting = False
        if cut_off := drain(SECONDS_TO_ARRIVE):
            SETTING.buffer.note("generator", f"{cut_off} journeys were cut off at the end")


def _finish_soon(environment: Environment, **_: Any) -> None:
    """A worker is told: beside the greenlet that reads messages, which must go on."""

    def finish() -> None:
        _finish()
        assert isinstance(environment.runner, WorkerRunner)
        environment.runner.send_message(LAST, {"report": SETTING.buffer.take(final=True)})

    gevent.spawn(finish)


def _collect_last(msg: Any, **_: Any) -> None:
    _LAST.add(msg.node_id)
    if _FILE:
        _keep(msg.node_id, msg.data["report"])


@events.report_to_master.add_listener
def _report(data: dict[str, Any], **_: Any) -> None:
    if SETTING.order and SETTING.accepting:
        data[KEY] = SETTING.buffer.take(final=False)


@events.worker_report.add_listener
def _collect(client_id: str, data: dict[str, Any], **_: Any) -> None:
    if _FILE and KEY in data:
        _keep(client_id, data[KEY])


@events.quitting.add_listener
def _end(environment: Environment, **_: Any) -> None:
    if not _FILE:
        return
    if _sends_journeys(environment):
        _keep("local", SETTING.buffer.take(final=not SETTING.accepting))
    _FILE[0].write({"ended": "in order" if SETTING.started else "without a start", "at": time.time()})
    _FILE[0].close()
    _FILE.clear()


def _write_regularly(environment: Environment) -> None:
    """Once a second: what this process has seen, or how many workers are alive."""
    while _FILE:
        gevent.sleep(1)
        if not _FILE:
            return
        if isinstance(environment.runner, MasterRunner):
            alive = sum(node.state != STATE_MISSING for node in environment.runner.clients.all)
            _FILE[0].write({"at": time.time(), "alive": alive})
        else:
            _keep("local", SETTING.buffer.take(final=False))
        _break_off(environment)


def _keep(source: str, report: dict[str, Any]) -> None:
    """Write a report down; its rows are held in memory only while a climb needs them."""
    _FILE[0].write({"from": source, "report": report})
    if not _CLIMB.ended and any(stage.climbs for stage in SETTING.plan or ()):
        _CLIMB.take(Row(*row) for row in report["rows"])


def _break_off(environment: Environment) -> None:
    """Where the target does not keep up with a climb, go on to what follows it; the file says so, and why."""
    order, now = SETTING.order, time.time()
    if order is None or SETTING.started is None or _CLIMB.ended:
        return
    passed = now - SETTING.started
    here = span_at(order.plan, passed)
    if here is None or not here[0].climbs or not (why := _CLIMB.over(now)):
        return
    stage, _, end = here
    left = broken_off(order.plan, min(passed + SECONDS_TO_TELL, end))
    _CLIMB.ended = True
    SETTING.follow(left)
    plan = [asdict(one) for one in left]
    if isinstance(environment.runner, MasterRunner):
        environment.runner.send_message(PLAN, {"plan": plan})
    _FILE[0].write({"plan": plan, "over": f"{stage.name}: {why}"})
