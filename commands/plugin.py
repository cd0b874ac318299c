"""The pytest plugin: binds the target before Django is configured, and turns tests into verdicts.

Loaded in every pytest of the environment it is installed in; does nothing there unless a target is named.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.doctor import examine_place
from coursegate.commands.interrupting import Interrupts
from coursegate.commands.places import ROOT
from coursegate.commands.recording import Recorder, Run
from coursegate.commands.run_options import PREFLIGHT_VARIABLE, RunOptions, add_options, read_options
from coursegate.commands.run_services import ground_of
from coursegate.commands.selecting import is_deferred, selection_of
from coursegate.commands.sharing import processes_for
from coursegate.commands.supervising import Journal
from coursegate.contracts.contract import Contract
from coursegate.contracts.reading import ContractError
from coursegate.harness.inventory import absent_operations, inventory, lost_operations
from coursegate.harness.poison import RUN_VARIABLE
from coursegate.harness.preflight import live
from coursegate.harness.preflight.ladder import RungResult, blocking, mounted_in
from coursegate.harness.report.gate_json import replay_command
from coursegate.harness.report.redaction import redacted
from coursegate.harness.report.writing import clear
from coursegate.harness.services.guarding import NoService
from coursegate.harness.session import CONTRACT, INVENTORY, SELECTION, Session
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.mounting import announce
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.unsupported import not_offered
from coursegate.harness.verdicts import Judgement, Verdict, reason_word
from coursegate.harness.waivers import waived
from coursegate.harness.world_file import WorldFileError
from coursegate.suites.rooms import SUITES, checks_by_room

RUN = pytest.StashKey[Run]()
INTERRUPTS = pytest.StashKey[Interrupts]()
# What is to be closed when the run is over.
STANDING = pytest.StashKey[ExitStack]()
# What pytest calls a case of a test that has none.
NOTHING = "NOTSET"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser.getgroup("coursegate", "the compliance gate"))
    parser.addini(
        "coursegate_target", "the backend that is judged when no --target is given", default="backend"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Decide the settings before pytest-django configures Django; a conftest or a later hook would be too late."""
    options = read_options(early_config)
    if options is None:
        return (yield)
    early_config.stash[INTERRUPTS] = interrupts = Interrupts()
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers end with the process that started them
        interrupts.install()
    try:
        _prepare(early_config, options)
    except KeyboardInterrupt:
        print("coursegate: interrupted before anything was asked; no report was written", file=sys.stderr)
        raise SystemExit(2) from None
    with options.binding.at_home():
        return (yield)


def _prepare(config: pytest.Config, options: RunOptions) -> None:
    try:
        contract = options.binding.contract(options.contract, options.size)
    except ContractError as problem:
        raise pytest.UsageError(f"the contract cannot be used: {problem}") from None
    options = replace(options, selection=selection_of(options, contract))
    started = time.monotonic()
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    # Below the folder of the run, where there is one: a process that is given up clears nothing away.
    scratch = tempfile.TemporaryDirectory(prefix="coursegate-", dir=os.environ.get(RUN_VARIABLE))
    os.environ.setdefault(RUN_VARIABLE, scratch.name)
    standing = ExitStack()
    try:
        ground = standing.enter_context(ground_of(options.services))
    except NoService as problem:
        raise pytest.UsageError(str(problem)) from None
    config.stash[STANDING] = standing
    results = _preflight(options, contract)
    checks = checks_by_room(contract)
    try:
        naming = naming_of(options.binding.agreement, contract.api)
    except ContractError as problem:
        raise pytest.UsageError(str(problem)) from None
    lines = inventory(contract, results, naming)
    run = Run(options, contract, results, lines, checks, started, scratch, ground, naming)
    config.stash[RUN], config.stash[CONTRACT], config.stash[INVENTORY] = run, contract, run.inventory
    config.stash[SELECTION] = options.selection
    if blocking(run.preflight) is None:
        ground.announce()
        announce(mounted_in(results))
        options.binding.activate(Path(scratch.name))


def _preflight(options: RunOptions, contract: Contract) -> list[RungResult]:
    if known := os.environ.get(PREFLIGHT_VARIABLE) or Journal().preflight:
        return [RungResult.from_dict(result) for result in json.loads(known)]
    try:
        results = examine_place(options.binding, contract, options.contract, options.seed)
    except WorldFileError as problem:
        raise pytest.UsageError(str(problem)) from None
    os.environ[PREFLIGHT_VARIABLE] = told = json.dumps([result.as_dict() for result in results])
    Journal().keep_preflight(told)
    return results


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if RUN not in config.stash:
        return
    run = config.stash[RUN]
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(config.stash[INTERRUPTS], "coursegate-interrupts")
        if not config.option.xmlpath:
            config.option.xmlpath = str(run.options.reports / "junit.xml")
        if not config.option.collectonly:
            clear(run.options.reports)
    # The gate's own summary groups failures by cause; a traceback of ours per cell would bury it.
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "no"
        config.option.reportchars = ""
    config.pluginmanager.register(Recorder(config, run), "coursegate-recorder")


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """How many workers `-n auto` is, for a run of ours."""
    if RUN not in config.stash:
        return None
    run = config.stash[RUN]
    return processes_for(config, run.options, run.preflight)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[STANDING].close()
        config.stash[RUN].scratch.cleanup()


@pytest.fixture(scope="session")
def gate(request: pytest.FixtureRequest) -> Iterator[Session]:
    """The run: the target with the world in it, or why there is none."""
    run = request.config.stash[RUN]
    fallen = blocking(run.preflight)
    if fallen is not None:
        blocked = f"blocked by preflight, rung {fallen.rung}: {fallen.cause}"
        yield Session(run.contract, blocked=blocked, place=run.options.binding)
        return
    if isinstance(run.options.binding, Deployment):
        live_target = live.bind(run.options.binding, run.contract)
        absent = live.absent_operations(live_target) | not_offered(live_target)
        run.keep_ledger(live_target)
        yield Session(run.contract, live_target, absent=absent, place=run.options.binding)
        run.settle_ledger(live_target)
        return
    from coursegate.factories.session import bind  # its models need a Django that has started

    with (
        run.options.binding.at_home(),
        request.getfixturevalue("django_db_blocker").unblock(),
        run.ground.laid(),
    ):
        bound = bind(run.options.binding, run.contract, run.options.seed)
        absent = absent_operations(run.inventory, mounted_in(run.preflight)) | not_offered(bound)
        bound = replace(
            bound,
            profile=run.options.profile,
            selection=run.options.selection,
            lost=lost_operations(run.inventory),
        )
        yield Session(run.contract, bound, absent=absent, place=run.options.binding)


JUDGEMENT = pytest.StashKey[Judgement]()


@pytest.fixture
def conclude(request: pytest.FixtureRequest) -> Callable[[Judgement], None]:
    """Hand in the verdict of a check; the test ends as it says."""

    def hand_in(judgement: Judgement) -> None:
        run = request.config.stash[RUN]
        options = run.options
        judgement = replace(judgement, curl=run.addressed(judgement.curl))
        judgement = waived(judgement, options.waivers_by_id, options.today)
        request.node.stash[JUDGEMENT] = judgement
        replay = replay_command(judgement.id, options.binding, options.size, options.services.typed)
        request.node.user_properties += _properties(judgement, replay)
        if judgement.verdict in {Verdict.PASS, Verdict.WAIVED}:
            return
        accepted = (
            judgement.verdict is Verdict.NOT_ASSESSED and reason_word(judgement.reason) in options.allowed
        )
        if judgement.verdict is Verdict.NOT_APPLICABLE or accepted:
            pytest.skip(judgement.reason)
        if is_deferred(judgement.findings, run.contract, run.options.phase):
            pytest.xfail(f"a later phase asks for it: {judgement.reason}")
        text = f"{judgement.verdict}: expected {judgement.expected}, saw {judgement.seen}\n{judgement.reason}"
        pytest.fail(redacted(f"{text}\n{replay}\n{judgement.curl}"), pytrace=False)

    return hand_in


def _properties(judgement: Judgement, replay: str) -> list[tuple[str, object]]:
    """What JUnit says of a check besides how it ended."""
    names = ("id", "operation", "principal", "subject", "expected", "seen", "verdict", "kind")
    found = {name: str(getattr(judgement, name)) for name in names}
    found |= {"findings": ", ".join(judgement.findings), "replay": replay}
    return [(name, redacted(said)) for name, said in found.items() if said]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the verdict travel with the report, over the border of a worker process too."""
    report = yield
    if RUN in item.config.stash and report.longrepr is not None:
        report.longrepr = _safe(report.longrepr)
    if report.failed and RUN in item.config.stash and (gone := item.config.stash[RUN].ground.gone()):
        # What the target answered without its database, or its cache, says nothing about it.
        report.longrepr = item.session.shouldfail = gone
        return report
    if report.when == "call" and JUDGEMENT in item.stash:
        report.__dict__["coursegate"] = item.stash[JUDGEMENT].as_dict()
    return report


def _safe(said: Any) -> Any:
    """How a test ended, fit for JUnit: pytest has a place and a reason for a skip, and a traceback for all else."""
    if isinstance(said, tuple):
        path, line, reason = said
        return path, line, redacted(reason)
    return redacted(str(said))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One case per check of the room that a test stands in."""
    if RUN in metafunc.config.stash and "check" in metafunc.fixturenames:
        selection = metafunc.config.stash[SELECTION]
        found = [
            check
            for check in metafunc.config.stash[RUN].checks[metafunc.definition.path.parent.name]
            if selection.wants(check.id, check.operation, check.principal, check.sources)
        ]
        metafunc.parametrize("check", found, ids=[check.id for check in found])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the rooms that --suite does not name, and those in which no check stands that --check names."""
    if RUN not in config.stash:
        return None
    options, room = config.stash[RUN].options, collection_path.name
    if room not in SUITES or collection_path.parent != ROOT / "suites":
        return None
    named = [names for names in (options.suites, options.selection.rooms) if names]
    return True if any(room not in names for names in named) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the empty places of rooms of which nothing was asked for; of a deployment, ask before anything is written."""
    if RUN not in config.stash:
        return
    done = {entry["node"] for entry in Journal().judged()}
    items[:] = [
        item
        for item in items
        if getattr(getattr(item, "callspec", None), "id", "") != NOTHING and item.nodeid not in done
    ]
    if isinstance(config.stash[RUN].options.binding, Deployment):
        items.sort(key=lambda item: _writes(item, config.stash[CONTRACT]))


def _writes(item: pytest.Item, contract: Contract) -> bool:
    callspec = getattr(item, "callspec", None)
    cell = callspec.params.get("cell") if callspec else None
    return cell is not None and not contract.api.operations[cell.operation].is_safe
