"""`coursegate load`: does a backend hold under load, and does it stay honest while it does?"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import tempfile
from pathlib import Path

from coursegate.commands import load_changes, load_compare
from coursegate.contracts.contract import FOLDER
from coursegate.contracts.reading import ContractError
from coursegate.contracts.slo import Known, Objectives, load_objectives
from coursegate.harness.targets.binding import Binding, TargetError, agreed, locate
from coursegate.harness.targets.deployment import check_url, is_url
from coursegate.harness.world_file import WorldFileError
from coursegate.load.judging.verdict import void
from coursegate.load.order import Throttle
from coursegate.load.people import TIERS
from coursegate.load.plan import PROFILES, scaled, seconds_of
from coursegate.load.question import Answered, Question
from coursegate.load.report.progress import Progress
from coursegate.load.report.writing import write_report
from coursegate.load.scenarios.catalogue import SCENARIOS
from coursegate.load.serving.storage import KINDS
from coursegate.load.session import run_load

SIZES = {"S": 1, "M": 10, "L": 100}
INTERRUPTED = 2
_PERIODS = {"s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "hour": 3600.0, "h": 3600.0, "day": 86400.0}


def add_arguments(command: argparse.ArgumentParser, reference: Path) -> None:
    """The options of the command; `reference` is what is put under load where nothing is named."""
    add = command.add_argument
    add("--target", metavar="PATH|URL", default=str(reference), help="a checkout to serve, or where one runs")
    add("--settings", metavar="MODULE", default="")
    add("--config", metavar="FILE", type=Path, help="what the team says of it (default: its coursegate.toml)")
    add("--profile", choices=PROFILES, default="smoke", help="how much traffic when (default: smoke)")
    add("--rate", metavar="FACTOR", type=_positive, default=1.0, help="so many times the profile's rates")
    add("--world", metavar="FILE", type=Path, help="what stands in the database of a --target=URL")
    add("--world-size", choices=SIZES, default="S", help="how large the world of a checkout is")
    add("--seed", metavar="TEXT", default="coursegate", help="of the canaries and of the arrivals")
    add("--contract", metavar="FOLDER", type=Path, default=FOLDER)
    add("--slo", metavar="FILE", type=Path, help="the objectives (default: slo.yaml of the contract)")
    add("--db", choices=KINDS, default=KINDS[0], help="what a served checkout stores its rows in")
    add("--workers", metavar="N", type=_count, default=0, help="generator processes beside a master")
    add(
        "--workers-elsewhere",
        metavar="HOST:PORT",
        type=_place,
        help="they come from other machines",
    )
    add("--server-processes", metavar="N", type=_count, default=0, help="of a served checkout")
    add(
        "--history",
        metavar="FILE",
        type=Path,
        help="a line is added for each run, and earlier ones are shown",
    )
    add("--only", metavar="SCENARIO", action="append", default=[], choices=SCENARIOS)
    add("--allow-writes", action="store_true", help="of a URL: send what writes, too; nothing is undone")
    add("--allow-host", metavar="HOST", action="append", default=[], help="a host that may be put under load")
    add(
        "--throttle",
        metavar="N/PERIOD",
        type=_throttle,
        help="of a URL: the limit of its sign-in, as 20/hour",
    )
    add("--max-requests", metavar="N", type=_count, default=200_000, help="the run ends there and is void")
    add("--max-seconds", metavar="N", type=_positive, default=4 * 3600.0, help="longer profiles are refused")
    add("--report-dir", metavar="FOLDER", type=Path, default=Path("reports/load"))
    beside = command.add_subparsers(metavar="compare|changes")
    comparing = beside.add_parser("compare", help="two checkouts: does the second cost more than the first?")
    comparing.set_defaults(answer=load_compare.answer)
    load_compare.add_arguments(comparing)
    changing = beside.add_parser("changes", help="a history: since which night does it take longer?")
    changing.set_defaults(answer=load_changes.answer)
    load_changes.add_arguments(changing)


def answer(said: argparse.Namespace) -> int:
    """Make the run and write its report. Returns the exit code of its verdict, 2 where somebody stopped it.

    Raises:
        TargetError: there is no such target, or nobody allowed it.
        WorldFileError: a URL without a usable world file.
        ContractError: the objectives are malformed or name what there is not.
    """
    folder = _empty(said.report_dir)
    question = _question(said, folder)
    try:
        answered = run_load(question, Progress(_say), _say)
    except KeyboardInterrupt:
        answered = Answered(question, void("interrupted", "somebody stopped the run"))
    if answered.rows.over:
        _say(f"the climb was over in {answered.rows.over}")
    _say(f"{answered.verdict.word}: {answered.verdict.reason}")
    for path in write_report(answered, folder):
        _say(f"  {path}")
    return INTERRUPTED if answered.verdict.cause == "interrupted" else answered.verdict.exit_code


def objectives_of(said: argparse.Namespace) -> Objectives:
    """The objectives, whose names all mean something."""
    return objectives_in(said.slo or said.contract / "slo.yaml")


def objectives_in(path: Path) -> Objectives:
    """The objectives of a file, whose names all mean something.

    Raises:
        ContractError: one does not, or is no objective.
    """
    known = Known(
        frozenset(SCENARIOS),
        TIERS,
        {name: frozenset(stage.name for stage in plan) for name, plan in PROFILES.items()},
    )
    return load_objectives(path, known)


def _question(said: argparse.Namespace, folder: Path) -> Question:
    target: Binding | str
    if is_url(said.target):
        agreement = agreed(said.config, None)
        target = check_url(said.target, said.allow_host)
        if said.world is None:
            raise WorldFileError(Path("--world"), "a URL needs the world file that `coursegate seed` wrote")
    else:
        target = locate(Path(said.target), said.settings, said.config)
        agreement = target.agreement
    plan = scaled(PROFILES[said.profile], said.rate)
    if seconds_of(plan) > said.max_seconds:
        raise TargetError(
            f"--profile={said.profile} takes {seconds_of(plan):g} s, --max-seconds allows less."
        )
    try:
        objectives = objectives_of(said)
    except ContractError as problem:
        # Whoever looks for a verdict finds one, and it is no pass.
        empty = Objectives(problem.path, {}, {})
        question = Question(target, said.profile, plan, empty, said.contract)
        write_report(Answered(question, void("objectives-unusable", str(problem))), folder)
        raise
    return Question(
        target=target,
        profile=said.profile,
        plan=plan,
        objectives=objectives,
        contract=said.contract.absolute(),
        world=said.world.absolute() if said.world else None,
        size=SIZES[said.world_size],
        seed=said.seed,
        writes=said.allow_writes,
        database=said.db,
        processes=said.server_processes,
        workers=said.workers,
        master_at=said.workers_elsewhere or "",
        most_requests=said.max_requests,
        only=tuple(said.only),
        throttle=said.throttle,
        history=said.history,
        agreement=agreement,
    )


def _empty(folder: Path) -> Path:
    """The report folder without an earlier run's report in it: what is read there is of this run.

    Raises:
        TargetError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("verdict.json", "junit.xml", "summary.md", "load.html"):
            with contextlib.suppress(FileNotFoundError):
                (folder / name).unlink()
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, shutil.Error) as problem:
        raise TargetError(f"--report-dir={folder} cannot be written: {problem}") from None
    return folder


def _say(line: str) -> None:
    print(line, flush=True)


def _place(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no host and port such as 0.0.0.0:5557")
    return text


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return value


def _throttle(text: str) -> Throttle:
    found = re.fullmatch(r"(\d+)/(\w+)", text)
    if not found or found[2] not in _PERIODS:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate such as 10/min or 20/hour")
    return Throttle(int(found[1]), _PERIODS[found[2]])
