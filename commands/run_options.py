"""The options of a run, read once, before anything of the target is touched."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.places import INI, ROOT
from coursegate.commands.run_services import ServiceOptions, add_service_options, read_service_options
from coursegate.commands.terms import WAIVERS, add_guards, baseline_of, day_of, guards_of, waivers_of
from coursegate.contracts.contract import FOLDER as CONTRACT_FOLDER
from coursegate.contracts.findings import PHASES
from coursegate.contracts.releases import NUMBER
from coursegate.contracts.waivers import Waiver
from coursegate.contracts.world import SIZES
from coursegate.harness.profile import PR, PROFILES, Profile, profile_of
from coursegate.harness.services.guarding import NoService
from coursegate.harness.session import Selection
from coursegate.harness.targets.binding import Binding, TargetError
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.finding import Place, find
from coursegate.harness.verdicts import NEEDS_SOURCE
from coursegate.harness.world import DEFAULT_SEED
from coursegate.harness.world_file import WorldFileError
from coursegate.suites.rooms import SUITES

# The longest that anybody may let cases be generated.
MOST_SECONDS = 24 * 3600
# Workers of pytest-xdist are told what the first process saw, and a proof what it has seen itself: the ladder is climbed once.
PREFLIGHT_VARIABLE = "COURSEGATE_PREFLIGHT"


@dataclass(frozen=True)
class RunOptions:
    """What was asked for.

    Attributes:
        release: the release whose checks alone are asked; "" for all of today.
        size: how many times the growing part of the world is there.
        suites: what to keep; empty for everything.
        selection: and of these.
        findings: ids of the audit as they were typed; the selection holds what becomes of them.
        files: files of the backend as they were typed.
        phase: the last phase of the migration plan that blocks; None for all of them.
        allowed: reasons for which `not-assessed` is accepted.
        waivers: what may stay broken for a while.
        today: the day that waivers are held against.
        baseline: the result of an earlier run, to say what has changed since; it decides nothing.
        profile: what may be spent on generating.
    """

    binding: Place
    contract: Path
    release: str
    reports: Path
    seed: str
    size: int
    suites: frozenset[str]
    selection: Selection
    findings: tuple[str, ...]
    files: tuple[str, ...]
    phase: int | None
    allowed: frozenset[str]
    services: ServiceOptions = field(default_factory=ServiceOptions)
    waivers: tuple[Waiver, ...] = ()
    today: date = field(default_factory=date.today)
    baseline: dict[str, Any] | None = None

    @property
    def waivers_by_id(self) -> dict[str, Waiver]:
        return {waiver.id: waiver for waiver in self.waivers}

    profile: Profile = field(default_factory=Profile)


def add_options(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--target",
        metavar="PATH|URL",
        help="the backend to judge: the folder that holds manage.py, or where it runs",
    )
    group.addoption("--world", metavar="FILE", help="what stands in the database of a URL (coursegate seed)")
    group.addoption(
        "--allow-writes", action="store_true", help="of a URL: ask what writes, too; nothing of it is undone"
    )
    add_guards(group.addoption)
    group.addoption("--settings", metavar="MODULE", help="its settings module (default: read from manage.py)")
    group.addoption(
        "--settings-as-is",
        action="store_true",
        help="replace of its settings only what would reach others or write into the checkout",
    )
    group.addoption(
        "--config", metavar="FILE", help="what the team says of it (default: coursegate.toml in the checkout)"
    )
    group.addoption(
        "--contract",
        metavar="FOLDER|RELEASE",
        help="the contract files (default: the gate's own), or only what a release asked for (0.1)",
    )
    group.addoption("--report-dir", metavar="FOLDER", help="where the reports go (default: reports)")
    group.addoption("--world-seed", metavar="TEXT", default=DEFAULT_SEED, help="the seed of the canaries")
    group.addoption(
        "--size", type=int, choices=SIZES, default=1, help="how large the world is: 1, 10 or 100 times"
    )
    group.addoption("--suite", action="append", metavar="NAME", help=f"only this suite ({', '.join(SUITES)})")
    group.addoption(
        "--operation", action="append", metavar="ID", help="only this operation, such as lessons.retrieve"
    )
    group.addoption(
        "--check",
        action="append",
        metavar="ID",
        help="only this check of the report, or those whose ids begin so",
    )
    group.addoption("--principal", action="append", metavar="NAME", help="only this principal, such as guest")
    group.addoption(
        "--finding", action="append", metavar="ID", help="only what cites this finding of the audit (SER-02)"
    )
    group.addoption(
        "--file",
        action="append",
        metavar="FILE",
        help="only what cites a finding about this file of the backend, such as courses/views/public.py",
    )
    group.addoption(
        "--phase",
        type=int,
        choices=PHASES,
        help="what only later phases of the migration plan ask for is reported and does not block",
    )
    group.addoption(
        "--allow-not-assessed",
        metavar="REASON,...",
        default="",
        help="accept what could not be assessed for these reasons",
    )
    group.addoption(
        "--waivers",
        metavar="FILE",
        help=f"what may stay broken for a while (default: the target's {WAIVERS})",
    )
    group.addoption(
        "--baseline", metavar="FILE", help="the gate.json of an earlier run: say what has changed"
    )
    group.addoption(
        "--today", metavar="DAY", help="the day that waivers are held against, such as 2026-11-30"
    )
    group.addoption(
        "--run-target-tests",
        action="store_true",
        help="execute the target's own tests of tiers, on a copy of it: do they notice a filter that is gone?",
    )
    add_service_options(group.addoption)

    group.addoption(
        "--profile",
        choices=PROFILES,
        default=PR,
        help="how much is spent on generated cases: pr replays the corpus, nightly generates anew (default: pr)",
    )
    group.addoption(
        "--fuzz-seconds",
        type=_seconds,
        metavar="N",
        help="how long cases may be generated (default: pr 0, nightly 300)",
    )
    group.addoption(
        "--fuzz-seed",
        type=int,
        metavar="N",
        default=1,
        help="what generated cases are drawn from (default: 1)",
    )


def _seconds(text: str) -> float:
    """A number of seconds, none less than nothing.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to {MOST_SECONDS}")
    return seconds


def read_options(config: pytest.Config) -> RunOptions | None:
    """The options of a run, or None where pytest runs something else and the plugin must stay out of the way.

    Raises:
        pytest.UsageError: there is no such target, or pytest would read somebody else's settings for itself.
    """
    said = config.known_args_namespace
    ours = config.inipath is not None and config.inipath.resolve() == INI.resolve()
    target = said.target or (str(ROOT / config.getini("coursegate_target")) if ours else None)
    if target is None:
        return None
    if not ours:
        raise pytest.UsageError(
            f"pytest reads its own settings from {config.inipath or 'nowhere'}, not from the gate. "
            f"Type: coursegate run --target={target}"
        )
    if getattr(said, "ds", None):
        raise pytest.UsageError("--ds would override the target: name its settings module with --settings.")
    try:
        world = Path(said.world).absolute() if said.world else None
        agreement = Path(said.config).absolute() if said.config else None
        binding = find(
            target,
            said.settings or "",
            world,
            writes=said.allow_writes,
            config=agreement,
            guards=guards_of(said),
            as_is=said.settings_as_is,
        )
        services = read_service_options(said, live=isinstance(binding, Deployment))
    except (TargetError, WorldFileError, NoService) as problem:
        raise pytest.UsageError(str(problem)) from None
    live = binding if isinstance(binding, Deployment) else None
    release = said.contract if said.contract and NUMBER.fullmatch(said.contract) else ""
    if live and live.writes and getattr(said, "numprocesses", None):
        raise pytest.UsageError("--allow-writes: what one worker writes would meet the others; leave out -n.")
    return RunOptions(
        binding=binding,
        contract=CONTRACT_FOLDER if release or not said.contract else Path(said.contract).absolute(),
        release=release,
        reports=_reports(said, binding),
        seed=live.file.seed if live else said.world_seed,
        size=live.file.size if live else said.size,
        suites=_known(said.suite, SUITES, "--suite"),
        selection=Selection(
            operations=frozenset(said.operation or ()),
            principals=frozenset(said.principal or ()),
            checks=frozenset(said.check or ()),
        ),
        findings=tuple(said.finding or ()),
        files=tuple(said.file or ()),
        phase=said.phase,
        allowed=frozenset(filter(None, said.allow_not_assessed.split(",")))
        | binding.agreement.allowed
        | ({NEEDS_SOURCE} if live else set()),
        waivers=waivers_of(said, binding),
        today=day_of(said.today) if said.today else date.today(),
        baseline=baseline_of(said),
        services=services,
        profile=profile_of(
            said.profile, said.fuzz_seconds, said.fuzz_seed, target_tests=said.run_target_tests
        ),
    )


def _known(given: list[str] | None, known: tuple[str, ...], option: str) -> frozenset[str]:
    if unknown := set(given or ()) - set(known):
        raise pytest.UsageError(
            f"{option} {min(unknown)!r}: there is no such suite; there are {', '.join(known)}"
        )
    return frozenset(given or ())


def _reports(said: argparse.Namespace, binding: Place) -> Path:
    """The report folder, made and proven writable; never inside the target unless it was named.

    Raises:
        pytest.UsageError: nothing can be written there.
    """
    folder = Path(said.report_dir or "reports").absolute()
    # The reference backend is part of this repository; anybody else's checkout stays as it is.
    if not said.report_dir and isinstance(binding, Binding) and folder.is_relative_to(binding.path):
        folder = binding.path.parent / f"{binding.path.name}-gate-reports"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise pytest.UsageError(
            f"the report folder {folder} cannot be written ({problem.strerror}). Name another with --report-dir."
        ) from None
    return folder
