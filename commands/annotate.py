"""`coursegate annotate`: the gravest results of a run as lines that GitHub Actions shows at the code."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coursegate.contracts.wrong_question import WrongQuestion

# GitHub shows ten of each level for one step.
MOST = 10
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


class NoResults(WrongQuestion):
    """There is no gate.sarif of a run. The text says where it was looked for."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--report-dir", metavar="FOLDER", type=Path, default=Path("reports"))


def answer(said: argparse.Namespace) -> int:
    """Print the lines. Returns 0.

    Raises:
        NoResults: no run has left its results in the folder.
    """
    path = said.report_dir / "gate.sarif"
    try:
        log = json.loads(path.read_text(encoding="utf-8"))
        results = log["runs"][0]["results"]
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise NoResults(
            f"{path} is no result of a run ({problem}); name its folder with --report-dir"
        ) from None
    for line in annotation_lines(results):
        print(line)
    return 0


def annotation_lines(results: list[Mapping[str, Any]]) -> Iterator[str]:
    """One line per rule and place, the gravest first as they stand in the log; of each level at most `MOST`."""
    groups: dict[tuple[str, str, str, int], list[Mapping[str, Any]]] = {}
    for result in results:
        if result.get("suppressions"):
            continue
        place = result["locations"][0]["physicalLocation"]
        key = (
            result["level"],
            result["ruleId"],
            place["artifactLocation"]["uri"],
            place["region"]["startLine"],
        )
        groups.setdefault(key, []).append(result)
    shown: dict[str, int] = {}
    for (level, rule, uri, line), members in groups.items():
        shown[level] = shown.get(level, 0) + 1
        if shown[level] <= MOST:
            more = f"\n{len(members) - 1} more of {rule} here: summary.md" if len(members) > 1 else ""
            text = _data(members[0]["message"]["text"] + more)
            yield f"::{_LEVELS[level]} file={_property(uri)},line={line},title={_property(f'coursegate {rule}')}::{text}"


def _data(text: str) -> str:
    """A text as a workflow command takes it: what a target says is data, never a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
