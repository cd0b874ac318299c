"""Two runs are compared check by check, and what got worse is told apart from what got better."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coursegate.commands.cli import main
from coursegate.harness.report.difference import difference


def _result(declared: int = 0, **verdicts: str) -> dict[str, Any]:
    """A result whose checks end as said: `fail:leak` for a failure of a kind."""
    cells = [
        {"id": name, "verdict": said.partition(":")[0], "kind": said.partition(":")[2], "reason": ""}
        for name, said in verdicts.items()
    ]
    return {
        "schema_version": "1.0",
        "verdict": "fail",
        "target": {"path": "/somewhere", "commit": "abc"},
        "preflight": [],
        "cells": cells,
        "summary": {"declared": declared or len(cells)},
    }


BASE = _result(
    a="pass", b="fail:form", c="fail:form", d="pass", e="fail:form", f="pass", g="blocked", h="pass"
)
HEAD = _result(
    a="fail:form",
    b="pass",
    c="fail:leak",
    d="blocked",
    e="waived:form",
    g="blocked",
    h="not-applicable",
    i="pass",
    j="fail:leak",
)


def test_every_change_is_told_as_what_it_is() -> None:
    """Each check stands in the list of what became of it; one that ends as before stands in none."""
    found = difference(BASE, HEAD).as_dict()

    assert found == {
        "newly_failing": ["a", "j"],
        "failing_otherwise": ["c"],
        "newly_untested": ["d"],
        "no_longer_run": ["f"],
        "newly_waived": ["e"],
        "fixed": ["b"],
        "newly_run": ["i"],
        "partial": False,
    }


def test_filtered_run_has_lost_nothing() -> None:
    """Of a filtered run only what it asked for is compared."""
    found = difference(BASE, _result(declared=9, a="pass"))

    assert not found.is_worse
    assert found.partial
    assert found.counted() == "no check ends differently"


@pytest.mark.parametrize(
    ("base", "head", "code"),
    [
        ({"a": "fail:form"}, {"a": "pass"}, 0),
        ({"a": "pass"}, {"a": "fail:form"}, 1),
        ({"a": "pass", "b": "pass"}, {"a": "pass"}, 1),
        ({"a": "pass"}, {"a": "not-assessed"}, 1),
        ({"a": "fail:form"}, {"a": "waived:form"}, 0),
    ],
)
def test_code_says_whether_anything_got_worse(
    base: dict[str, str], head: dict[str, str], code: int, tmp_path: Path
) -> None:
    """The command fails where a check got worse, was lost or is no longer judged."""
    files = [tmp_path / "base.json", tmp_path / "head.json"]
    for file, said in zip(files, (base, head), strict=True):
        file.write_text(json.dumps(_result(0, **said)), encoding="utf-8")

    assert main(["diff", *map(str, files)]) == code


def test_what_is_no_result_is_the_wrong_question(tmp_path: Path) -> None:
    """A file that is none, and one of another version, are refused in a sentence."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**BASE, "schema_version": "9.0"}), encoding="utf-8")

    assert main(["diff", str(tmp_path / "absent.json"), str(other)]) == 4
    assert main(["diff", str(other), str(other)]) == 4
