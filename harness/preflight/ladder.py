"""The ladder: source -> imports -> start -> database -> http, climbed in processes of their own.

A broken target can block, exit, print or crash while it is looked at; none of that may reach the run that judges it.
Each rung has a time limit, and the process that stands on it tells the stack it hangs in before it is ended.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coursegate.harness.deadline import UNFINISHED
from coursegate.harness.poison import GIVEN_UP, RUN_VARIABLE
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict

# Two processes: reading the code does not need it to run, and the registry that imports fills is not fit to start on.
# The limits are for what never ends, with room for a machine that has other things to do.
SURVEY = {"source": 30.0, "imports": 30.0}
CLIMB = {"start": 30.0, "database": 120.0, "http": 30.0}
# So often a process is replaced that had to give itself up (see `poison`).
MOST_PROCESSES = 4
RUNGS = (*SURVEY, *CLIMB)
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')


@dataclass(frozen=True)
class RungResult:
    """How one rung holds.

    Attributes:
        causes: what broke, the deepest cause first, each with file and line where there is one.
        blocks: what cannot be judged because of it, in words; "" where nothing is.
        notes: what is worth knowing although it holds.
    """

    rung: str
    verdict: Verdict
    causes: tuple[str, ...] = ()
    blocks: str = ""
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cause(self) -> str:
        return self.causes[0] if self.causes else ""

    def as_dict(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "verdict": str(self.verdict),
            "causes": list(self.causes),
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> RungResult:
        said = {
            **data,
            "verdict": Verdict(data["verdict"]),
            "causes": tuple(data["causes"]),
            "notes": tuple(data["notes"]),
        }
        return cls(**said)


def climb(binding: Binding, module: str, arguments: Mapping[str, str]) -> list[RungResult]:
    """Climb all rungs, the survey and the climb side by side.

    Args:
        module: the module to run for it, which knows how to build the world (`python -m MODULE JSON`).
        arguments: what else that module needs to know.
    """
    with ThreadPoolExecutor(2) as pool:
        parts = [pool.submit(_run, binding, module, arguments, rungs) for rungs in (SURVEY, CLIMB)]
        return [result for part in parts for result in part.result()]


def blocking(results: Sequence[RungResult]) -> RungResult | None:
    """The rung for whose sake nothing can be asked over HTTP, or None where requests can be judged."""
    return next(
        (result for result in results if result.rung in CLIMB and result.blocks == "everything above"), None
    )


def mounted_in(results: Sequence[RungResult]) -> list[dict[str, Any]]:
    """What the gate routes of the target, as nobody does (see `mounting`)."""
    return [entry for result in results for entry in result.extra.get("mounted", ())]


def _run(
    binding: Binding, module: str, arguments: Mapping[str, str], rungs: Mapping[str, float]
) -> list[RungResult]:
    """One process over several rungs. Those it does not reach are blocked by the one it fell from."""
    order = {
        "path": str(binding.path),
        "settings": binding.settings,
        "as_is": binding.as_is,
        "config": str(binding.agreement.path) if binding.agreement.path else "",
        "rungs": list(rungs),
        "limits": dict(rungs),
        **arguments,
    }
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        told, errors = Path(scratch) / "told.jsonl", Path(scratch) / "stderr"
        command = [sys.executable, "-m", module, json.dumps({**order, "told": str(told), "scratch": scratch})]
        environ = {RUN_VARIABLE: scratch, **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        code: int | None = GIVEN_UP
        for _ in range(MOST_PROCESSES):
            if code == GIVEN_UP:
                # The one before has written down what no process must do again.
                told.unlink(missing_ok=True)
                code = _process(command, environ, errors, sum(rungs.values()) + 10)
        lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
        results = [RungResult.from_dict(json.loads(line)) for line in lines]
        reached = {result.rung for result in results}
        for rung in rungs:
            if rung not in reached:
                results.append(
                    _unreached(rung, results, rungs, code, binding, errors.read_text(errors="replace"))
                )
    return results


def _process(command: list[str], environ: Mapping[str, str], errors: Path, seconds: float) -> int | None:
    """How a process ended; None where it had to be ended."""
    with errors.open("wb") as stream:
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stream,
                timeout=seconds,
                env=dict(environ),
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            return None


def _unreached(
    rung: str,
    before: list[RungResult],
    limits: Mapping[str, float],
    code: int | None,
    binding: Binding,
    errors: str,
) -> RungResult:
    """A rung without a word: blocked by one below, or the one on which the process itself came to its end."""
    for result in before:
        if result.blocks == "everything above":
            return RungResult(rung, Verdict.BLOCKED, (f"blocked by {result.rung}: {result.cause}",))
    if "Timeout (" in errors or code is None:
        where = _deepest_frame(errors, binding)
        cause = f"{where}: {UNFINISHED} {limits[rung]:g} s, this is where it stands"
    else:
        last = next((line for line in reversed(errors.splitlines()) if line.strip()), "no word of why")
        cause = f"the process ended with code {code}: {last.strip()}"
    return RungResult(rung, Verdict.FAIL, (cause,), blocks="everything above")


def _deepest_frame(errors: str, binding: Binding) -> str:
    """The backend's own deepest line in a stack as faulthandler writes it: most recent call first."""
    stack = errors.rsplit("(most recent call first):", 1)[-1]
    frames = [(match["file"], match["line"]) for match in _FRAME.finditer(stack)]
    own = [frame for frame in frames if binding.owns(frame[0])]
    if not frames:
        return "unknown place"
    file, line = (own or frames)[0]
    return f"{binding.relative(file)}:{line}"
