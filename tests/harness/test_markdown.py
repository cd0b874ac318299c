"""summary.md says the gravest first, fits a comment whatever happened, and obeys nothing that a target says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.badge import badge
from coursegate.harness.report.markdown import MOST_BYTES, code, summary, write_summary
from coursegate.harness.verdicts import Verdict
from coursegate.tests.harness.sample_runs import RED, broken, cell, large, result


def test_summary_tells_the_gravest_first(contract: Contract) -> None:
    """A leak stands above wrong forms, each with its promise in words and a line to paste."""
    text = summary(result(*RED), contract)

    assert text.startswith("## coursegate: fail\n\n")
    kinds = re.findall(r"^\*\*(\w+)\*\*: ", text, re.MULTILINE)
    assert kinds == ["leak", "form", "form"]
    assert f"ARCH-01 ({contract.findings['ARCH-01'].title})" in text
    line = "coursegate replay access/lessons.retrieve/lesson-premium/guest --target=/somewhere/backend"
    assert f"```sh\n{line}\n```" in text


def test_every_failing_check_has_its_line(contract: Contract) -> None:
    """Whatever fails can be asked again with a line of its own."""
    text = summary(result(*RED), contract)

    lines = [line for line in text.splitlines() if line.startswith("coursegate replay ")]
    for red in (one for one in RED if one["verdict"] == "fail"):
        assert any(red["id"] in line for line in lines)


@pytest.mark.parametrize("failures", [1, 500, 5000])
def test_summary_fits_a_comment(contract: Contract, tmp_path: Path, failures: int) -> None:
    """Of 5,000 checks any number may fail: the file stays below 60 kB, ends whole, and says when there is more."""
    path = write_summary(large(contract, failures=failures), contract, tmp_path)

    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < MOST_BYTES
    assert text.count("```") % 2 == 0
    assert ("There is more than fits here" in text) == (failures > 1)
    assert "## coursegate: fail" in text


def test_long_words_of_a_target_do_not_fill_it(contract: Contract) -> None:
    """A target that answers with a novel, to every check, in any script, is cut."""
    novel = "𝔘nglück " * 20_000
    cells = [
        broken("guest", "form", f"{number} {novel}", subject=f"s{number}", reason=novel)
        for number in range(99)
    ]
    rung = RungResult("http", Verdict.FAIL, (novel,) * 99, novel[:50])

    text = summary(result(*cells, preflight=[rung], harness_errors=[novel] * 99), contract)

    assert len(text.encode()) < MOST_BYTES
    assert text.count("coursegate replay") > 9


def test_what_a_target_says_is_code(contract: Contract) -> None:
    """Markup, mentions and fences in an answer stay inside a span of code."""
    evil = "@everyone <img src=x> `` ```\n# heading [link](javascript:1)"
    text = summary(result(broken("guest", "form", evil, reason=evil, subject="a`b")), contract)

    assert not re.search(r"^# heading", text, re.MULTILINE)
    assert code(evil) in text
    assert code(evil).startswith("````@everyone")
    assert code("`x`") == "`` `x` ``"


def test_phases_of_the_plan_are_counted(contract: Contract) -> None:
    """Every finding that a backend can keep is counted in its phase; one that fails stands with its files."""
    text = summary(result(*RED), contract)

    rows = re.findall(r"^\| (\d) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert [int(row[0]) for row in rows] == [0, 1, 2, 3, 4]
    known = [finding for finding in contract.findings.values() if not finding.is_of_the_gate]
    assert sum(int(number) for row in rows for number in row[1:]) == len(known)
    assert sum(int(row[2]) for row in rows) == 1
    assert "`courses/views/public.py, courses/views/mixins.py`" in text


def test_finding_in_doubt_is_told_after_the_broken(contract: Contract) -> None:
    """What fails in checks of another finding alone stands below what is broken, and names that finding."""
    red = broken("guest", "leak", "x", findings=["VIEW-16", "SER-02"])
    text = summary(result(red), contract)

    assert text.index("- **VIEW-16**") < text.index("- **SER-02**")
    assert "1 of 1 checks fail, all about VIEW-16 first: " in text


@pytest.mark.parametrize(
    ("said", "message", "colour"),
    [
        ({"verdict": "pass"}, "pass", "brightgreen"),
        ({"verdict": "partial"}, "partial", "yellow"),
        ({"verdict": "interrupted"}, "interrupted", "lightgrey"),
        ({"verdict": "pass", "phase": 1}, "pass (phase 1)", "brightgreen"),
    ],
)
def test_badge_says_the_verdict(said: dict[str, object], message: str, colour: str) -> None:
    """Only a run that passed has a green badge."""
    found = badge(result(cell("guest"), **said))

    assert (found["message"], found["color"]) == (message, colour)
    assert set(found) == {"schemaVersion", "label", "message", "color"}


def test_badge_counts_what_blocks() -> None:
    """What a later phase asks for is not counted as broken."""
    cells = [broken("guest", "leak", "x"), broken("peer", "form", "y")]

    assert badge(result(*cells, deferred=[cells[1]["id"]]))["message"] == "fail, 1 of 2 broken"
