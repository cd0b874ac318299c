"""All reports of one run, each whole or absent."""

from __future__ import annotations

from pathlib import Path

from coursegate.contracts.contract import Contract
from coursegate.harness.report.badge import write_badge
from coursegate.harness.report.gate_json import Result, write
from coursegate.harness.report.html import write_page
from coursegate.harness.report.markdown import write_summary
from coursegate.harness.report.redaction import cleaned
from coursegate.harness.report.sarif import write_sarif


def write_all(result: Result, contract: Contract, folder: Path) -> Path:
    """Write every report from the redacted result; `gate.json`, which the others retell, first. Returns where that is.

    Raises:
        OSError: the folder has become unwritable.
    """
    result = cleaned(result)
    report = write(result, folder)
    write_page(result, contract, folder)
    write_sarif(result, contract, folder)
    write_summary(result, contract, folder)
    write_badge(result, folder)
    return report
