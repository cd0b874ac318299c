"""`coursegate load changes`: what it asks Otava of a history, and what it makes of the answer."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursegate.commands.cli import main
from coursegate.load.nights import METRICS, NoNights, changes

NIGHT = {"target": "/shop", "storage": "postgres", "cpu_ms_per_request": 4.0, "latency_ms": 20.0}
FAKE = """#!{python}
import os, pathlib, sys
here = pathlib.Path(__file__).parent
config = pathlib.Path(os.environ["OTAVA_CONFIG"])
(here / "asked.yaml").write_text(config.read_text())
(here / "asked.csv").write_text((config.parent / "nights.csv").read_text())
(here / "asked.txt").write_text(" ".join(sys.argv[1:]))
{ends}
"""

Otava = Callable[..., str]


@pytest.fixture
def otava(tmp_path: Path) -> Otava:
    """A stand-in for Otava that writes down what it is asked, and answers what it is told to."""

    def made(*told: tuple[str, int, float, float], ends: str = "") -> str:
        changed = [
            {
                "time": time,
                "changes": [
                    {"metric": name, "mean_before": str(before), "mean_after": str(after), "pvalue": "0.0001"}
                ],
            }
            for name, time, before, after in told
        ]
        program = tmp_path / "otava"
        answer = f"print({json.dumps(json.dumps({'nights': changed}))})"
        program.write_text(FAKE.format(python=sys.executable, ends=ends or answer))
        program.chmod(0o755)
        return str(program)

    return made


def _history(folder: Path, *nights: dict[str, Any]) -> Path:
    path = folder / "nights.jsonl"
    lines = [
        json.dumps({"at": f"2026-10-{number:02}T02:17:00+00:00", **night})
        for number, night in enumerate(nights, 1)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_otava_is_asked_about_nights_that_can_be_compared(tmp_path: Path, otava: Otava) -> None:
    """It is given the figures of the nights that were measured as the last one was, each the worse the more it is."""
    other = {**NIGHT, "storage": "sqlite", "cpu_ms_per_request": 99.0}
    history = _history(tmp_path, *[NIGHT] * 6, other, *[NIGHT] * 8)

    assert changes(history, otava()) == []

    with (tmp_path / "asked.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    asked = yaml.safe_load((tmp_path / "asked.yaml").read_text())["tests"]["nights"]
    assert [row["cpu_ms_per_request"] for row in rows] == ["4.0"] * 14
    assert {name: said["direction"] for name, said in asked["metrics"].items()} == dict.fromkeys(
        METRICS[:2], -1
    )
    assert (asked["type"], asked["time_column"]) == ("csv", "at")


@pytest.mark.parametrize(
    ("told", "code", "line"),
    [
        ((), 0, "no figure has changed"),
        ((("cpu_ms_per_request", 1790000000, 4.0, 4.4),), 1, "cpu_ms_per_request +10 %: 4.00 to 4.40 ms"),
        ((("latency_ms", 1790000000, 20.0, 15.0),), 0, "latency_ms -25 %"),
        (
            (("latency_ms", 1790000000, 20.0, 30.0), ("latency_ms", 1790600000, 30.0, 19.0)),
            0,
            "latency_ms +50 %",
        ),
    ],
    ids=["nothing", "worse", "better", "worse-and-better-again"],
)
def test_only_what_is_still_worse_fails(
    tmp_path: Path,
    otava: Otava,
    capsys: pytest.CaptureFixture[str],
    told: tuple[tuple[str, int, float, float], ...],
    code: int,
    line: str,
) -> None:
    """Each change is told with both means; the exit code is 1 where the last one of a figure made it worse."""
    history = _history(tmp_path, *[NIGHT] * 14)

    assert main(["load", "changes", str(history), f"--otava={otava(*told)}"]) == code
    assert line in capsys.readouterr().out


@pytest.mark.parametrize(
    ("nights", "ends", "complaint"),
    [
        ([NIGHT] * 11, "", "11 nights can be compared, and it takes 12"),
        (
            [{**NIGHT, "cpu_ms_per_request": None, "latency_ms": None}] * 12,
            "",
            "no figure is there for every night",
        ),
        ([NIGHT] * 12, "sys.exit('Test not found')", "failed: Test not found"),
        ([NIGHT] * 12, "print('{}')", "gave no answer"),
    ],
    ids=["too-few", "no-figure", "fails", "answers-something-else"],
)
def test_what_cannot_be_asked_is_said(
    tmp_path: Path, otava: Otava, nights: list[dict[str, Any]], ends: str, complaint: str
) -> None:
    """A history that cannot be used, or an Otava that does not answer, is an error and not a green night."""
    with pytest.raises(NoNights, match=complaint):
        changes(_history(tmp_path, *nights), otava(ends=ends))


def test_without_otava_it_says_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where Otava is absent the exit code is 4, and the line says what to install."""
    history = _history(tmp_path, *[NIGHT] * 12)

    assert main(["load", "changes", str(history), "--otava=/nowhere/otava"]) == 4
    assert "pip install apache-otava" in capsys.readouterr().err
