"""All reports of one run, each whole or absent."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from coursegate.contracts.contract import Contract
from coursegate.harness.report.badge import write_badge
from coursegate.harness.report.gate_json import Result, write
from coursegate.harness.report.html import write_page
from coursegate.harness.report.markdown import write_summary
from coursegate.harness.report.redaction import cleaned
from coursegate.harness.report.sarif import write_sarif

NAMES = ("gate.json", "gate.html", "gate.sarif", "summary.md", "badge.json")


class NotWritten(Exception):
    """Some reports could not be written. The text says which, and why; the others are there."""


def write_all(result: Result, contract: Contract, folder: Path) -> Path:
    """Write every report from the redacted result; `gate.json`, which the others retell, first. Returns where that is.

    Raises:
        NotWritten: one of them, or all.
    """
    result = cleaned(result)
    writers: list[Callable[[Path], Path]] = [
        partial(write, result),
        *(partial(one, result, contract) for one in (write_page, write_sarif, write_summary)),
        partial(write_badge, result),
    ]
    problems = [
        f"{name} could not be written: {type(problem).__name__}: {problem}"
        for name, writer in zip(NAMES, writers, strict=True)
        if (problem := _problem(writer, folder))
    ]
    if problems:
        raise NotWritten("; ".join(problems))
    return folder / NAMES[0]


def clear(folder: Path) -> None:
    """Take away the reports of an earlier run: none of them must pass for one of a run that was killed."""
    for name in (*NAMES, "junit.xml"):
        with contextlib.suppress(OSError):  # what cannot be written is told when it is to be written
            (folder / name).unlink(missing_ok=True)


def _problem(writer: Callable[[Path], Path], folder: Path) -> Exception | None:
    try:
        writer(folder)
    except Exception as problem:  # whatever is wrong with one report, the others are written
        return problem
    return None
