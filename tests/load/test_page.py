"""The page of a run stands alone, and escapes what a target said."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from coursegate.contracts.slo import Objectives
from coursegate.load.judging.verdict import judge
from coursegate.load.plan import PROFILES
from coursegate.load.question import Answered, Question
from coursegate.load.report.page import read_history, remember, render
from coursegate.load.report.verdict_json import as_data
from coursegate.load.rows import Broken
from coursegate.tests.load.imagined_run import ORDER, START, evidence
from coursegate.tests.load.test_verdict import objectives


def answered(told: str = "", history: Path | None = None) -> Answered:
    wanted: Objectives = objectives(p50=100.0, p95=300.0, errors=0.01)
    broken = [Broken(START + 9, "leak", "search", "guest", told)] if told else []
    given = evidence(broken=broken)
    question = Question("http://127.0.0.1:1", "smoke", PROFILES["smoke"], wanted, Path(), history=history)
    return Answered(question, judge(given, wanted, "smoke"), ORDER, given.rows, given.watched)


def page(given: Answered) -> str:
    return render(given, as_data(given))


class Tags(HTMLParser):
    """The names of all elements, and the attributes that could fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.fetching: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.fetching += [
            name for name, _ in attrs if name in {"src", "href", "xlink:href", "data", "srcset"}
        ]


def test_the_page_asks_nobody_for_anything() -> None:
    """It has charts, but no script, no link and nothing to fetch."""
    text = page(answered())
    tags = Tags(text)
    assert tags.names.isdisjoint({"script", "link", "iframe", "img", "object"})
    assert (tags.fetching, "svg" in tags.names, "@import" in text) == ([], True, False)
    assert set(re.findall(r"https?://[\w.:/]*[\w/]", text)) <= {
        "http://127.0.0.1:1",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_charts_leave_imports_as_they_were() -> None:
    """Drawing them leaves no finder of modules behind that has no `find_spec`, of which each failing import would warn."""
    page(answered())

    assert [finder for finder in sys.meta_path if not hasattr(finder, "find_spec")] == []


def test_verdict_and_validity_come_first() -> None:
    """Whoever opens the page reads the verdict, then whether the run was whole, then everything else."""
    text = page(answered())
    places = [
        text.index(word)
        for word in ("<strong>pass", "Is the run whole?", "Objectives", "<svg", "By scenario")
    ]
    assert places == sorted(places)


def test_what_a_target_said_is_escaped() -> None:
    """Markup in an answer's text is shown, not obeyed."""
    text = page(answered("<script>alert(1)</script>"))
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_earlier_nights_are_shown(tmp_path: Path) -> None:
    """Runs are added to a history, and the next page shows them; void runs are not."""
    history = tmp_path / "nights.jsonl"
    data = as_data(answered())
    for _ in range(2):
        remember(data, history)
    remember(data | {"verdict": "void"}, history)
    assert len(read_history(history)) == 2
    assert "p95 of earlier nights" in page(answered(history=history))
