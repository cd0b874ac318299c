"""`coursegate replay ID`: the requests of one check, sent again, with everything that came back."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from coursegate.commands.asserting import explained
from coursegate.commands.doctor import examine
from coursegate.commands.run_services import ground_of, read_service_options
from coursegate.commands.terms import guards_of
from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.checks import Check, judge
from coursegate.harness.inventory import Line, absent_operations, inventory, lost_operations
from coursegate.harness.inventory import judge as judge_line
from coursegate.harness.judging.verdict import judgement
from coursegate.harness.observation import Exchange
from coursegate.harness.preflight import live
from coursegate.harness.preflight.ladder import blocking, mounted_in
from coursegate.harness.profile import Profile
from coursegate.harness.session import Bound, Selection, Session
from coursegate.harness.targets.deployment import Deployment, is_url
from coursegate.harness.targets.finding import Place, find
from coursegate.harness.targets.ground import Ground
from coursegate.harness.targets.mounting import announce
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.unsupported import not_offered
from coursegate.harness.verdicts import KEPT, Judgement, Problem
from coursegate.suites.access.sweep import Sweep
from coursegate.suites.rooms import ROOMS

Asked = Callable[[Session, Place], tuple[Judgement, str]]
MOST_BODY = 4000


class NoSuchCell(WrongQuestion):
    """The id names no check."""


def answer(said: argparse.Namespace) -> int:
    """Ask one check again and print requests, answers and verdict, with the services that a run would have.

    Returns 0 where it passes, else 1.
    """
    return explained(lambda: _with_services(said))


def _with_services(said: argparse.Namespace) -> int:
    services = read_service_options(said, live=is_url(said.target))
    if is_url(said.target):
        return _answer(said, Ground())
    with ground_of(services) as ground:
        return _answer(said, ground)


def _answer(said: argparse.Namespace, ground: Ground) -> int:
    place = find(
        said.target,
        said.settings,
        said.world,
        writes=said.allow_writes,
        config=said.config,
        guards=guards_of(said),
        as_is=said.settings_as_is,
    )
    contract = place.contract(said.contract, said.size)
    asked = None if said.cell.startswith("inventory/") else _asked(said.cell, contract)
    results = examine(place, said)
    naming = naming_of(place.agreement, contract.api)
    lines = inventory(contract, results, naming)
    if asked is None:
        return _told(judge_line(_line(said, lines)), "openapi.yaml")
    fallen = blocking(results)
    if fallen is not None:
        blocked = f"blocked by preflight, rung {fallen.rung}: {fallen.cause}"
        return _without_a_start(said.cell, Session(contract, blocked=blocked, place=place))
    if isinstance(place, Deployment):
        bound = live.bind(place, contract)
        absent = live.absent_operations(bound) | not_offered(bound)
        return _told(*asked(Session(contract, bound, absent=absent), place))
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch, ground.laid():
        ground.announce()
        announce(mounted_in(results))
        place.activate(Path(scratch))
        os.chdir(place.path)
        import django

        django.setup()
        from coursegate.factories.session import bind  # its models need a Django that has started

        bound = replace(
            bind(place, contract, said.world_seed),
            selection=Selection(checks=frozenset({said.cell})),
            profile=Profile(target_tests=True),  # who names such a check asks for it
            lost=lost_operations(lines),
        )
        absent = absent_operations(lines, mounted_in(results)) | not_offered(bound)
        session = Session(contract, bound, absent=absent)
        judged, promise = asked(session, place)
    return _told(judged, promise)


def _without_a_start(name: str, session: Session) -> int:
    """What can be said of a check although the target does not start: some look at its source alone."""
    room = ROOMS.get(name.partition("/")[0])
    if room is None or room.verdict is None:
        print(session.blocked)
        return 1
    check = next(check for check in room.checks(session.contract) if check.id == name)
    return _told(room.verdict(check, session), ", ".join(check.sources))


def _asked(name: str, contract: Contract) -> Asked:
    """How the check of that id is asked.

    Raises:
        NoSuchCell: there is none.
    """
    suite = name.partition("/")[0]
    if suite in ROOMS:
        known = {check.id: check for check in ROOMS[suite].checks(contract)}
        if name in known:
            return partial(_check, known[name])
        raise NoSuchCell(_unknown(name, [other for other in known if _is_near(other, name)]))
    cells = contract.access.cells
    wanted = name.removeprefix("access/")
    if wanted in cells:
        return partial(_cell, cells[wanted])
    near = [f"access/{known}" for known in cells if known.split("/")[0] == wanted.split("/")[0]]
    raise NoSuchCell(_unknown(name, near))


def _cell(cell: Cell, session: Session, place: Place) -> tuple[Judgement, str]:
    """Ask a cell of the table, with its row and its twin, and print what was said."""
    promise = f"{', '.join(cell.sources)} (access.yaml:{cell.line})"
    assert session.bound is not None
    if unasked := session.unasked(cell.operation):
        return judgement(cell, None, unasked[0], [], unasked[1]), promise
    sweep = Sweep(session.bound.client, kept={cell.id})
    judged = sweep.judge(cell)
    for evidence in sweep.evidence.get(cell.id, []):
        for exchange in evidence.pages:
            _print_exchange(exchange, place, session.contract)
    return judged, promise


def _check(check: Check, session: Session, place: Place) -> tuple[Judgement, str]:
    """Ask a check of a room, and print what was said."""

    def ask(bound: Bound) -> tuple[list[Exchange], Iterable[Problem]]:
        exchanges, problems = ROOMS[check.suite].ask(check, bound)
        for exchange in exchanges:
            _print_exchange(exchange, place, bound.contract)
        return exchanges, problems

    return judge(check, session, ask), ", ".join(check.sources)


def _line(said: argparse.Namespace, lines: Mapping[str, Line]) -> Line:
    if said.cell in lines:
        return lines[said.cell]
    path = said.cell.split(" ")[-1]
    raise NoSuchCell(
        _unknown(said.cell, [known for known in lines if known.startswith(path, known.find("/api"))])
    )


def _is_near(known: str, name: str) -> bool:
    return known.split("/")[:2] == name.split("/")[:2]


def _unknown(name: str, near: list[str]) -> str:
    return f"no check is called {name!r}" + (f"; for example {', '.join(near[:3])}" if near else "")


def _print_exchange(exchange: Exchange, place: Place, contract: Contract) -> None:
    naming = naming_of(place.agreement, contract.api)
    sent = replace(exchange.request, path=naming.own(exchange.request.path))
    print(f"{sent.curl(place.base_url)}" + (f"   # {exchange.moment}" if exchange.moment else ""))
    print(f"  {exchange.answer.summary}")
    body = exchange.request.redact(exchange.answer.text)
    print("  " + body[:MOST_BODY] + (f" … ({len(body)} characters)" if len(body) > MOST_BODY else ""))


def _told(judged: Judgement, promise: str) -> int:
    """Print a verdict. Returns the exit code it means."""
    print(f"{judged.id}: {judged.verdict}")
    print(f"  expected {judged.expected}, promised by {promise}")
    if judged.reason:
        print(f"  {judged.reason}")
    if judged.about:
        print(f"  which is about {judged.about}")
    return 0 if judged.verdict in KEPT else 1
