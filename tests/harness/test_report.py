"""The summary tells causes before cells, the gravest first, on one screen; the exit code means what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.gate_json import Result, write
from coursegate.harness.report.terminal import summary_lines
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict, exit_code


def _cell(number: int, verdict: str = "fail", kind: str = "form", cause: str = "same") -> dict[str, Any]:
    words = {"suite": "access", "operation": "lessons.list", "principal": "guest", "subject": "lessons"}
    told = {"expected": "filtered", "seen": "200", "reason": "seen", "curl": "curl", "findings": ["ARCH-01"]}
    return {"id": f"access/a/b/{number}", "verdict": verdict, "kind": kind, "cause": cause, **words, **told}


def _result(cells: list[dict[str, Any]], preflight: tuple[RungResult, ...] = ()) -> Result:
    binding = Binding(Path("/somewhere/backend"), "shop.settings")
    return Result("fail", 1, binding, preflight, cells, len(cells), "seed", 1.0)


def test_leaks_come_first_whatever_their_number() -> None:
    """One leak stands above a hundred wrong forms."""
    cells = [_cell(number) for number in range(100)] + [_cell(100, kind="leak", cause="a leak")]

    lines = [line for line in summary_lines(_result(cells), Path("gate.json")) if line[0] != " "]

    assert lines[3].split() == ["LEAK", "a", "leak"]
    assert lines[4].split() == ["FORM", "same"]


def test_at_most_ten_causes_are_told() -> None:
    """Of many causes ten are told and the rest counted, so that all of it fits one screen."""
    cells = [_cell(number, cause=f"cause {number}") for number in range(25)]

    lines = list(summary_lines(_result(cells), Path("gate.json")))

    assert sum(line.startswith("FORM") for line in lines) == 10
    assert "and 15 more causes in the report" in lines
    assert len(lines) < 50
    assert max(len(line) for line in lines) < 200


def test_broken_rung_is_told_once() -> None:
    """Where a rung blocks everything, its cause is told, not once more for the cells."""
    rung = RungResult("start", Verdict.FAIL, ("a.py:1: ImportError",), "everything above")
    cells = [_cell(number, verdict="blocked", kind="", cause="") for number in range(100)]

    text = "\n".join(summary_lines(_result(cells, (rung,)), Path("gate.json")))

    assert text.count("a.py:1: ImportError") == 1


def test_page_is_named_for_people(tmp_path: Path) -> None:
    """The last line leads to the page, and says where the machine-readable result stands."""
    *_, last = summary_lines(_result([_cell(1)]), tmp_path / "gate.json")

    assert last == f"report     {tmp_path / 'gate.html'}, for machines gate.json"


def test_report_is_whole_or_absent(tmp_path: Path) -> None:
    """A report that cannot be written leaves no half of one behind."""
    (tmp_path / "gate.json").mkdir()

    with pytest.raises(OSError, match="directory"):
        write(_result([_cell(1)]), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["gate.json"]


@pytest.mark.parametrize(
    ("verdicts", "allowed", "code"),
    [
        ([Verdict.PASS, Verdict.PASS], False, 0),
        ([Verdict.PASS, Verdict.FAIL], False, 1),
        ([Verdict.PASS, Verdict.BLOCKED], False, 1),
        ([Verdict.PASS, Verdict.NOT_ASSESSED], False, 1),
        ([Verdict.PASS, Verdict.NOT_ASSESSED], True, 0),
        ([Verdict.NOT_ASSESSED], True, 5),
        ([Verdict.NOT_APPLICABLE], False, 5),
        ([], False, 5),
    ],
)
def test_exit_code(verdicts: list[Verdict], allowed: bool, code: int) -> None:
    """Only a run in which something passed and nothing failed, was blocked or left out ends with 0."""
    assert exit_code(verdicts, allow_not_assessed=allowed) == code
