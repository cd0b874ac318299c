"""Collecting the verdicts of a run, and closing it: exit code, reports, the summary on the terminal."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.run_options import RunOptions
from coursegate.commands.selecting import is_deferred
from coursegate.commands.supervising import Journal
from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check
from coursegate.harness.inventory import Line
from coursegate.harness.judging.verdict import judgement
from coursegate.harness.observation import BASE
from coursegate.harness.poison import last_poison
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.difference import difference
from coursegate.harness.report.gate_json import Result, write
from coursegate.harness.report.redaction import cleaned, redacted
from coursegate.harness.report.terminal import summary_lines
from coursegate.harness.report.writing import NotWritten, write_all
from coursegate.harness.session import Bound
from coursegate.harness.targets.ground import Ground
from coursegate.harness.targets.guards import Ledger
from coursegate.harness.targets.live import LiveTarget
from coursegate.harness.targets.naming import Naming
from coursegate.harness.verdicts import Kind, Problem, Verdict, exit_code, reason_word
from coursegate.harness.waivers import WRONG, Standing, standings

_PATH = re.compile(re.escape(BASE) + r"(/[^\"\s]*)")
# How many letters the progress of a whole run takes.
LETTERS = 60
# What a later phase of the migration plan may leave behind without blocking this one.
UNKEPT = frozenset({Verdict.FAIL, Verdict.BLOCKED, Verdict.NOT_ASSESSED})
# What pytest-xdist says of the test that a worker was at when it ended.
LOST = "???"
INTERRUPTED, HARNESS_FAILED, WRONG_QUESTION = 2, 3, 4


@dataclass(frozen=True)
class Run:
    """What is known of a run before its first check.

    Attributes:
        inventory: the operations of the contract and the routes of the target, by id.
        checks: by room, what a run of everything asks besides the cells of the table and the inventory.
        started: by the monotonic clock, before the ladder was climbed.
        scratch: the folder for what the target writes.
        ground: the services that the target stands on in this process.
        naming: what the target calls the contract's paths.
    """

    options: RunOptions
    contract: Contract
    preflight: list[RungResult]
    inventory: Mapping[str, Line]
    checks: Mapping[str, Sequence[Check]]
    started: float
    scratch: tempfile.TemporaryDirectory[str]
    ground: Ground
    naming: Naming
    ledger: Ledger = field(default_factory=Ledger)

    def keep_ledger(self, bound: Bound) -> None:
        """Let a deployment's target write down what it makes there, beside the reports."""
        if isinstance(bound.target, LiveTarget) and bound.target.abilities.writes:
            file = self.options.reports / "ledger.jsonl"
            file.unlink(missing_ok=True)
            self.ledger.path, bound.target.ledger = file, self.ledger

    def settle_ledger(self, bound: Bound) -> None:
        """Take away what was made."""
        if isinstance(bound.target, LiveTarget) and bound.target.ledger is self.ledger:
            bound.target.tidy(bound.client.signed_anew)

    def addressed(self, curl: str) -> str:
        """A line to paste, with the address and the path that the target really has."""
        named = _PATH.sub(lambda match: BASE + self.naming.own(match[1]), curl)
        return named.replace(BASE, self.options.binding.base_url)

    @cached_property
    def declared(self) -> list[str]:
        """The id of every check that a run of everything makes, in the order of the report."""
        cells = (f"access/{cell}" for cell in self.contract.access.cells)
        checks = (check.id for room in self.checks.values() for check in room)
        left_out = self.options.selection.left_out
        return [name for name in (*cells, *self.inventory, *checks) if name not in left_out]


def hanging(run: Run, node: str, place: str) -> dict[str, Any] | None:
    """The verdict on a check whose process had to be given up over it, found by the name of its test; None for others."""
    name = node.partition("[")[2].removesuffix("]")
    check = next((check for room in run.checks.values() for check in room if check.id == name), None)
    cell = run.contract.access.cells.get(name)
    problem = Problem(
        Kind.HANG, f"no answer in time, and no end to it; it stood in {place}", f"hangs in {place}"
    )
    if check is not None:
        return check.judged(Verdict.FAIL, problem.text, problem=problem).as_dict()
    return judgement(cell, None, Verdict.FAIL, [problem], problem.text).as_dict() if cell else None


class Recorder:
    """A plugin object of the first process; workers only send it their reports."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self.config, self.run = config, run
        self.cells: dict[str, dict[str, Any]] = {}
        self.deferred: set[str] = set()
        self.errors: list[str] = []
        self.result: Result | None = None
        self.report: Path | None = None
        # Workers that are given up are replaced by pytest-xdist; only a process that stands alone has a successor.
        self.journal = None if getattr(config.option, "numprocesses", None) else Journal()
        for entry in self.journal.judged() if self.journal else ():
            self._take(entry["judgement"])

    def _take(self, judgement: dict[str, Any]) -> None:
        self.cells[judgement["id"]] = judgement
        if judgement["verdict"] in UNKEPT and is_deferred(
            judgement["findings"], self.run.contract, self.run.options.phase
        ):
            self.deferred.add(judgement["id"])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = getattr(report, "coursegate", None)
        if found is None and report.when == LOST and (place := last_poison()):
            found = hanging(self.run, report.nodeid, place)
        if found is not None:
            self._take(found)
            if self.journal:
                self.journal.add(report.nodeid, found)
        elif report.failed:
            self.errors.append(f"{report.nodeid} ({report.when}): {_last_line(report)}")
        elif report.when == "call":
            self.errors.append(f"{report.nodeid} handed in no verdict")

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """One letter for many checks: thousands of dots would bury what the summary says."""
        judgement = getattr(report, "coursegate", None)
        if judgement is None:
            return None
        letter, word = {
            "pass": (".", "PASSED"),
            "waived": ("w", "WAIVED"),
            "not-applicable": ("s", "SKIPPED"),
            "not-assessed": ("n", "NOT ASSESSED"),
        }.get(judgement["verdict"], ("F", "FAILED"))
        if judgement["id"] in self.deferred:
            letter, word = "x", "LATER PHASE"
        shown = len(self.cells) % max(1, len(self.run.declared) // LETTERS) == 0
        return str(report.outcome), letter if shown else "", word

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(f"{report.nodeid}: {_last_line(report)}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Where junit.xml can no longer be written, pytest writes it elsewhere: it would end before the verdict is told."""
        done = yield
        path = self.config.option.xmlpath
        if path and not Path(path).parent.is_dir():
            for plugin in self.config.pluginmanager.get_plugins():
                if type(plugin).__name__ == "LogXML":
                    vars(plugin)["logfile"] = str(Path(self.run.scratch.name) / "junit.xml")
        return done

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(self.config, "workerinput") or self.config.option.collectonly:
            return
        code, verdict = self._conclusion(int(exitstatus), 0 if session.shouldfail else session.testscollected)
        order = {name: place for place, name in enumerate(self.run.declared)}
        cells = sorted(self.cells.values(), key=lambda cell: order[cell["id"]])
        self.result = Result(
            verdict=verdict,
            exit_code=code,
            binding=self.run.options.binding,
            preflight=self.run.preflight,
            cells=cells,
            declared=len(order),
            release=self.run.options.release,
            left_out=len(self.run.options.selection.left_out),
            seed=self.run.options.seed,
            size=self.run.options.size,
            phase=self.run.options.phase,
            deferred=tuple(cell["id"] for cell in cells if cell["id"] in self.deferred),
            duration_s=time.monotonic() - self.run.started,
            harness_errors=self.errors,
            waivers=self._waivers(),
            services=self.run.options.services.typed,
            ledger=self.run.ledger,
        )
        if (base := self.run.options.baseline) is not None:
            self.result = replace(self.result, since=difference(base, self.result.as_dict()))
        session.exitstatus = self._write(self.result)

    def _write(self, result: Result) -> int:
        """Write the reports. Returns the exit code of the run: that of a failed gate where one of them is missing."""
        folder = self.run.options.reports
        try:
            self.report = write_all(result, self.run.contract, folder)
        except NotWritten as problem:
            self.errors.append(str(problem))
            self.result = replace(result, verdict="error", exit_code=HARNESS_FAILED)
            with suppress(OSError):
                self.report = write(cleaned(self.result), folder)
            return HARNESS_FAILED
        return result.exit_code

    @property
    def _is_full(self) -> bool:
        return len(self.cells) == len(self.run.declared)

    def _waivers(self) -> list[Standing]:
        options = self.run.options
        return standings(options.waivers, self.cells, self.run.declared, options.today)

    def _conclusion(self, pytest_status: int, collected: int) -> tuple[int, str]:
        """The exit code and the verdict, from what pytest says of the run and what the checks say of the target."""
        if pytest_status in {INTERRUPTED, WRONG_QUESTION}:
            return pytest_status, "interrupted" if pytest_status == INTERRUPTED else "error"
        if len(self.cells) < collected and not self.errors:
            self.errors.append(
                f"{collected} checks were collected, only {len(self.cells)} handed in a verdict"
            )
        if self.errors or pytest_status == HARNESS_FAILED:
            return HARNESS_FAILED, "error"
        blocking = [cell for cell in self.cells.values() if cell["id"] not in self.deferred]
        verdicts = [Verdict(cell["verdict"]) for cell in blocking]
        unassessed = {
            reason_word(cell["reason"]) for cell in blocking if cell["verdict"] == Verdict.NOT_ASSESSED
        }
        code = exit_code(verdicts, allow_not_assessed=unassessed <= self.run.options.allowed)
        if any(rung.verdict is Verdict.FAIL for rung in self.run.preflight):
            code = 1
        if self._is_full and any(standing.state in WRONG for standing in self._waivers()):
            code = 1
        if code:
            return code, "fail"
        return 0, "pass" if self._is_full else "partial"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.result is None:
            return
        terminalreporter.section("coursegate")
        for line in summary_lines(self.result, self.report):
            terminalreporter.write_line(redacted(line))


def _last_line(report: Any) -> str:
    lines = [line for line in str(report.longrepr).splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no word of why"
