"""All files of a report, written together."""

from __future__ import annotations

from pathlib import Path

from coursegate.load.question import Answered
from coursegate.load.report.page import remember, write_page
from coursegate.load.report.summary import write_junit, write_summary
from coursegate.load.report.verdict_json import as_data, write_verdict


def write_report(answered: Answered, folder: Path) -> list[Path]:
    """Write the report. Returns its files.

    Raises:
        OSError: the folder has become unwritable.
    """
    data = as_data(answered)
    files = [
        write_verdict(data, folder),
        write_junit(data, folder),
        write_summary(data, folder),
        write_page(answered, data, folder),
    ]
    if answered.question.history is not None:
        remember(data, answered.question.history)
    return files
