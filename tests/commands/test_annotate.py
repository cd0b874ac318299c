"""Annotations stand at the code, the gravest first, few enough to be shown, and obey nothing that a target says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursegate.commands.annotate import MOST, annotation_lines
from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.report.sarif import sarif_of
from coursegate.harness.targets.binding import Binding
from coursegate.tests.harness.sample_runs import RED, broken, large, result


def _lines(contract: Contract, *cells: dict[str, Any], **said: Any) -> Sequence[str]:
    return list(annotation_lines(sarif_of(result(*cells, **said), contract)["runs"][0]["results"]))


def test_each_rule_is_told_once_per_place() -> None:
    """Several checks that break one promise in one place are one line, which counts the others."""
    lines = _lines(load_contract(), *RED)

    assert [line.split(",title=")[1].split("::")[0] for line in lines] == [
        "coursegate ARCH-01",
        "coursegate openapi.yaml",
    ]
    assert "2 more of ARCH-01 here" in lines[0]


def test_words_of_a_target_are_no_command() -> None:
    """A line break or a command in an answer stays within its line."""
    evil = "x\n::add-mask::y%0A::stop-commands::z\r"
    (line,) = _lines(load_contract(), broken("guest", "leak", evil, reason=evil))

    assert "\n" not in line
    assert "\r" not in line
    assert line.count("::") > 2
    assert line.index("::", 2) < line.index("%0A::add-mask")


def test_no_more_lines_than_are_shown() -> None:
    """Of 500 failures ten are annotated at each level."""
    contract = load_contract()
    results = sarif_of(large(contract), contract)["runs"][0]["results"]

    lines = list(annotation_lines(results))

    assert sum(line.startswith("::error") for line in lines) == MOST
    assert len(lines) <= 3 * MOST


def test_later_phase_is_a_notice(tmp_path: Path) -> None:
    """What only a later phase asks for is a notice, not an error."""
    red = broken("guest", "leak", "x")
    (line,) = _lines(load_contract(), red, deferred=[red["id"]], binding=Binding(tmp_path, "s"))

    assert line.startswith("::notice file=")
