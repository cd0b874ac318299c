"""`coursegate races`: every race many times over, and with each lock of the reference backend taken out, one at a time."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursegate.commands.proof.defects import Defect, patches
from coursegate.commands.proof.workshop import apply_patch, copy_backend
from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.services.services import Services, opened
from coursegate.harness.session import is_below
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.world import DEFAULT_SEED
from coursegate.suites.concurrency.cases import checks as races
from coursegate.suites.concurrency.running import read_records, run_agent

ROUNDS = 20
FAMILY = "concurrency"


@dataclass(frozen=True)
class Count:
    """How often one race was run and broke.

    Attributes:
        defect: the patch that was in; "" for the target as it is.
        wanted: how often it has to break.
        reason: of the last time it did.
        not_applicable: why there was nothing to race in this target; "" where there was.
    """

    check: str
    defect: str
    rounds: int
    failed: int
    wanted: int
    reason: str
    not_applicable: str = ""

    @property
    def holds(self) -> bool:
        return bool(self.not_applicable) or (self.failed == self.wanted and self.rounds > 0)


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", metavar="PATH", type=Path, help="default: the reference backend")
    command.add_argument("--settings", metavar="MODULE", default="")
    command.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    command.add_argument("--check", metavar="ID", default=FAMILY, help="only the races whose ids begin so")
    command.add_argument(
        "--defects",
        action="store_true",
        help="also with each defect of the family: its races must always break",
    )
    command.add_argument("--report-dir", metavar="FOLDER", type=Path, default=Path("reports"))


def answer(said: argparse.Namespace) -> int:
    """Run them and write `races.json`. Returns 0 where each race broke as often as it has to: never, or always.

    Raises:
        NoService: there is no PostgreSQL.
    """
    contract, started = load_contract(), time.monotonic()
    ids = [check.id for check in races(contract) if is_below(check.id, said.check)]
    counts: list[Count] = []
    with opened() as services, tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        services.postgres()  # without one there is nothing to run
        for defect, binding in _targets(said, Path(scratch)):
            wanted = [name for name in ids if not defect or any(is_below(name, red) for red in defect.red)]
            for count in _counted(wanted, defect, binding, contract, services, said.rounds):
                counts.append(count)
                print(_line(count), flush=True)
    _write(said.report_dir, counts, said.rounds, time.monotonic() - started)
    return 0 if any(count.rounds for count in counts) and all(count.holds for count in counts) else 1


def _targets(said: argparse.Namespace, scratch: Path) -> Iterator[tuple[Defect | None, Binding]]:
    with _backend(scratch / "reference") as reference:
        yield None, locate(said.target or reference, said.settings)
    for number, patch in enumerate(patches() if said.defects else []):
        if isinstance(patch, Defect) and patch.id.startswith(f"{FAMILY}/"):
            with _backend(scratch / str(number)) as backend:
                apply_patch(patch.path, backend)
                yield patch, locate(backend)


@contextmanager
def _backend(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    yield copy_backend(folder)


def _counted(
    checks: Sequence[str],
    defect: Defect | None,
    binding: Binding,
    contract: Contract,
    services: Services,
    rounds: int,
) -> Iterator[Count]:
    told = services.folder / f"rounds-{binding.path.parent.name}.jsonl"
    if checks:
        run_agent(checks, binding, contract, DEFAULT_SEED, told, rounds)
    records = read_records(told)
    for name in checks:
        own = [record for record in records if record["id"] == name]
        broken = [record for record in own if record["problems"] or record.get("cannot_ask")]
        reason = (broken[-1].get("cannot_ask") or broken[-1]["problems"][0]) if broken else ""
        absent = next((record["not_applicable"] for record in own if "not_applicable" in record), "")
        wanted = rounds if defect else 0
        yield Count(name, defect.id if defect else "", len(own), len(broken), wanted, reason, absent)


def _line(count: Count) -> str:
    if count.not_applicable:
        return f"not applicable  {count.check}: {count.not_applicable}"
    with_it = f" with {count.defect}" if count.defect else ""
    mark = "" if count.holds else f"  {count.wanted} were due: {count.reason}"
    return f"{count.failed:>3} of {count.rounds} broke  {count.check}{with_it}{mark}"


def _write(folder: Path, counts: Sequence[Count], rounds: int, seconds: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {
        "schema_version": "1.0",
        "rounds": rounds,
        "duration_s": round(seconds, 1),
        "holds": all(count.holds for count in counts),
        "races": [{**asdict(count), "holds": count.holds} for count in counts],
    }
    write_whole(folder / "races.json", json.dumps(report, indent=1, ensure_ascii=False) + "\n")
