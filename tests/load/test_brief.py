"""The reference backend holds under load, and the run says so in a form that others can read."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from coursegate.load.scenarios.catalogue import SCENARIOS
from coursegate.tests.load.load_process import LoadRun, run_load


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> LoadRun:
    return run_load(tmp_path_factory.mktemp("brief"), "--profile=brief")


def test_the_reference_backend_passes(brief: LoadRun) -> None:
    """A brief run of the reference backend breaks no invariant and no objective."""
    assert brief.ended == (0, "pass", ""), brief.printed


def test_every_scenario_was_asked(brief: LoadRun) -> None:
    """Nothing was left out, and every scenario has rows."""
    seen = {line["scenario"] for line in brief.verdict["by_scenario"]}
    assert (brief.verdict["left_out"], SCENARIOS.keys() - seen - {"throttle-probe"}) == ({}, set())


def test_database_work_is_counted(brief: LoadRun) -> None:
    """Statements and rows stand beside every operation that a served checkout answers."""
    lists = [line for line in brief.verdict["work"] if line["operation"] == "lessons.list"]
    assert lists
    assert all(line["statements_most"] > 0 and line["rows_most"] > 0 for line in lists)


def test_junit_and_markdown_say_the_same(brief: LoadRun) -> None:
    """junit.xml has no failure, and the summary names the verdict."""
    suite = ElementTree.parse(brief.reports / "junit.xml").getroot()
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    assert int(suite.get("tests") or 0) >= 2 + len(brief.verdict["objectives"])
    assert "## Load, brief: pass" in (brief.reports / "summary.md").read_text(encoding="utf-8")


def test_no_secret_is_in_a_report(brief: LoadRun) -> None:
    """Neither tokens nor passwords are printed or written."""
    texts = [brief.printed, *(path.read_text(encoding="utf-8") for path in brief.reports.iterdir())]
    assert all("eyJ" not in text and "-Aa1" not in text for text in texts)


def test_the_command_line_never_imports_locust() -> None:
    """Locust patches the process that imports it, so the command line starts it in one of its own."""
    code = "import sys, coursegate.commands.cli; sys.exit('locust' in sys.modules or 'gevent' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
