"""How often the comparison is wrong: `python -m coursegate.tests.bench.comparison record FILE`, then `rates FILE`.

Recorded are rounds of three windows in random order: the reference backend, the same once more, and the same with a
tenth more processor time in every answer. Rates are resampled from the rounds: so many of them drawn with
replacement make one comparison. Their intervals come from drawing the recorded rounds themselves anew.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from coursegate.commands.proof.workshop import BACKEND, copy_backend
from coursegate.contracts.contract import FOLDER
from coursegate.harness.targets.binding import locate
from coursegate.load.compare.decision import LEVEL, effect
from coursegate.load.compare.session import standing
from coursegate.load.compare.windows import Side, measure
from coursegate.load.serving.server import Building
from coursegate.load.serving.storage import AUTO, several

NAMES = ("base", "same", "slower")
DECISIONS, DRAWS = 400, 40
_CALL = "        return self.get_response(request)\n"
_SLOWER = """        begun = time.thread_time()
        response = self.get_response(request)
        until = time.thread_time() * 1.1 - begun * 0.1
        while time.thread_time() < until:
            pass
        return response
"""


def slower_backend(folder: Path) -> Path:
    """A copy of the reference backend whose answers take a tenth more processor time."""
    backend = copy_backend(folder)
    path = backend / "educore" / "middleware.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(_CALL) == 1
    path.write_text("import time\n" + text.replace(_CALL, _SLOWER), encoding="utf-8")
    return backend


def record(path: Path, seconds: float) -> None:
    """Add rounds to a file for so long."""
    with tempfile.TemporaryDirectory(prefix="coursegate-load-") as scratch, several(AUTO) as another:
        bindings = [locate(BACKEND), locate(BACKEND), locate(slower_backend(Path(scratch)))]
        building = Building(FOLDER, 1, "coursegate")
        with ExitStack() as stack, path.open("a", 1, encoding="utf-8") as stream:
            sides = [
                stack.enter_context(
                    standing(name, binding, building, Path(scratch) / name, another("").services)
                )
                for name, binding in zip(NAMES, bindings, strict=True)
            ]
            _rounds(sides, seconds, stream.write)


def _rounds(sides: Sequence[Side], seconds: float, write: Callable[[str], object]) -> None:
    chance, number, until = random.Random(), 0, time.monotonic() + seconds
    for side in sides:
        measure(side, "warm")
    while time.monotonic() < until:
        order = chance.sample(list(sides), k=len(sides))
        found = {side.name: measure(side, f"round/{number}").cpu for side in order}
        write(json.dumps(found) + "\n")
        number += 1


def rates(path: Path) -> dict[str, object]:
    """False alarms and detections for several numbers of pairs, each as rate, low and high of a 90 % interval."""
    rounds = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found: dict[str, object] = {"rounds": len(rounds), "level": LEVEL}
    for pairs in (20, 40):
        found[f"{pairs} pairs"] = {
            "false alarms": _interval(rounds, pairs, "same"),
            "detected": _interval(rounds, pairs, "slower"),
        }
    return found


def _interval(rounds: Sequence[dict[str, float]], pairs: int, head: str) -> list[float]:
    chance = random.Random(1)
    rate = _rate(rounds, pairs, head, DECISIONS, chance)
    others = sorted(
        _rate(chance.choices(rounds, k=len(rounds)), pairs, head, 40, chance) for _ in range(DRAWS)
    )
    return [rate, others[int(DRAWS * 0.05)], others[int(DRAWS * 0.95) - 1]]


def _rate(
    rounds: Sequence[dict[str, float]], pairs: int, head: str, decisions: int, chance: random.Random
) -> float:
    alarms = 0
    for _ in range(decisions):
        drawn = chance.choices(rounds, k=pairs)
        seen = effect([one["base"] for one in drawn], [one[head] for one in drawn], interval=False)
        alarms += seen.word == "slower"
    return alarms / decisions


if __name__ == "__main__":
    if sys.argv[1] == "record":
        record(Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 600.0)
    else:
        print(json.dumps(rates(Path(sys.argv[2])), indent=1))
