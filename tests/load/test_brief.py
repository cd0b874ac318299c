"""The reference backend holds under load, and the run says so in a form that others can read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from coursegate.load.scenarios.catalogue import SCENARIOS
from coursegate.tests.load.load_process import LoadRun, run_load


def test_the_reference_backend_passes(tmp_path: Path) -> None:
    """A brief run of the reference backend asks everything, breaks nothing, and reports it without a secret."""
    brief = run_load(tmp_path, "--profile=brief")
    assert brief.ended == (0, "pass", ""), brief.printed
    _asked_everything(brief)
    _counted_the_work(brief)
    _reported_alike(brief)
    _told_no_secret(brief)


def _asked_everything(brief: LoadRun) -> None:
    seen = {line["scenario"] for line in brief.verdict["by_scenario"]}
    assert (brief.verdict["left_out"], SCENARIOS.keys() - seen - {"throttle-probe"}) == ({}, set())


def _counted_the_work(brief: LoadRun) -> None:
    lists = [line for line in brief.verdict["work"] if line["operation"] == "lessons.list"]
    assert lists
    assert all(line["statements_most"] > 0 and line["rows_most"] > 0 for line in lists)


def _reported_alike(brief: LoadRun) -> None:
    suite = ElementTree.parse(brief.reports / "junit.xml").getroot()
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    assert int(suite.get("tests") or 0) == 2 + len(brief.verdict["objectives"])
    assert "## Load, brief: pass" in (brief.reports / "summary.md").read_text(encoding="utf-8")


def _told_no_secret(brief: LoadRun) -> None:
    texts = [brief.printed, *(path.read_text(encoding="utf-8") for path in brief.reports.iterdir())]
    assert all("eyJ" not in text and "-Aa1" not in text for text in texts)


def test_the_command_line_never_imports_locust() -> None:
    """Locust patches the process that imports it, so the command line starts it in one of its own."""
    code = (
        "import sys, coursegate.commands.load; sys.exit('locust' in sys.modules or 'gevent' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
