"""gate.html tells what has changed since a baseline, which waivers end when, and how the backend holds under load."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.contract import Contract
from coursegate.contracts.waivers import Waiver
from coursegate.harness.report.difference import difference
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.html import render
from coursegate.harness.report.loaded import read_load
from coursegate.harness.report.markdown import summary
from coursegate.harness.report.page import page_of
from coursegate.harness.report.sarif import sarif_of
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.guards import Ledger
from coursegate.harness.waivers import Standing, State
from coursegate.tests.harness.page_tree import Tree
from coursegate.tests.harness.sample_runs import RED, broken, cell, result

WHEN = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
VERDICT = {
    "verdict": "fail",
    "reason": "an objective is broken",
    "profile": "smoke",
    "target": "backend",
    "started": "2025-11-24T12:00:00+00:00",
    "void": [],
    "objectives": [
        {
            "about": "browse as guest",
            "figure": "p95",
            "seen": 812.3,
            "limit": 400,
            "samples": 90,
            "held": False,
        }
    ],
    "invariants": [
        {"invariant": "no canary", "count": 2, "examples": [{"text": "guest saw lesson-premium"}]}
    ],
}


def _since() -> Result:
    """RED after a run in which a leak was kept, a form was a leak, and a check was there that is gone."""
    before = [cell("guest"), cell("peer", operation="notes.update"), cell("gone")]
    before += [broken("guest", "effect", "x", operation="notes.update")]
    head = result(*RED)
    return result(*RED, since=difference(result(*before).as_dict(), head.as_dict()))


def _tree(contract: Contract, run: Result) -> Tree:
    return Tree(render(page_of(run, contract, WHEN)))


def test_changes_are_told_with_their_lines(contract: Contract) -> None:
    """What fails now stands first, with a link and a line to paste; what is gone is named."""
    tree = _tree(contract, _since())

    assert "Since the baseline" in tree.headings
    assert tree.texts["access/lessons.retrieve/lesson-premium/guest"] == 2  # here, and at its finding
    assert tree.texts["access/lessons.retrieve/lesson-premium/gone"] == 1
    assert "#changed" in tree.values("href")
    assert [found["name"] for found in tree.of("input")] == ["words", "broken", "changed"]


def test_squares_know_that_they_have_changed(contract: Contract) -> None:
    """Only what ended otherwise is marked, so that the filter can find it."""
    squares = {found["id"]: found for found in _tree(contract, _since()).of("a") if "data-outcomes" in found}

    assert "data-changed" in squares["grid/access/lessons.retrieve/guest"]
    assert "data-changed" in squares["grid/access/notes.update/guest"]
    assert "data-changed" in squares["grid/access/notes.update/peer"]


def test_without_a_baseline_nothing_speaks_of_changes(contract: Contract) -> None:
    """No filter and no section pretends to know what was before."""
    tree = _tree(contract, result(*RED))

    assert "Since the baseline" not in tree.headings
    assert [found["name"] for found in tree.of("input")] == ["words", "broken"]
    assert not tree.values("data-changed")


def test_summary_tells_what_is_worse(contract: Contract) -> None:
    """On a pull request what newly fails stands before all that fails."""
    text = summary(_since(), contract)

    assert text.index("**Since the baseline**") < text.index("### What is broken")
    assert "newly failing:\n\n```sh\ncoursegate replay " in text


def test_code_scanning_knows_what_is_new(contract: Contract) -> None:
    """Of a baseline the results say whether they are new; without one they say nothing."""
    states = {
        found["properties"]["operation"] + "/" + found["properties"]["principal"]: found["baselineState"]
        for found in sarif_of(_since(), contract)["runs"][0]["results"]
    }

    assert states["lessons.retrieve/guest"] == "new"
    assert not any(
        "baselineState" in found for found in sarif_of(result(*RED), contract)["runs"][0]["results"]
    )


def test_waivers_stand_by_their_last_day(contract: Contract) -> None:
    """The next waiver to expire stands first, with its owner, its issue and what has become of it."""
    days = (date(2026, 3, 1), date(2026, 1, 1))
    waivers = [
        Waiver(f"access/{day}", "form", "", "why", "somebody", "T-1", date(2025, 12, 1), day, "", 1, 2)
        for day in days
    ]
    run = result(*RED, waivers=[Standing(one, State.EXPIRED, "it is over") for one in waivers])

    tree = _tree(contract, run)
    texts = list(tree.texts)

    assert texts.index("2026-01-01") < texts.index("2026-03-01")
    assert tree.texts["expired: it is over"] == 2
    assert {"somebody", "T-1", "form: why"} <= set(texts)


def test_load_is_told(contract: Contract, tmp_path: Path) -> None:
    """A run under load that lies beside the report is on the page: objectives, what broke, how to run it again."""
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "verdict.json").write_text(json.dumps(VERDICT))

    tree = Tree(render(page_of(result(*RED), contract, WHEN, load=read_load(tmp_path))))

    assert "Under load: fail" in tree.headings
    assert {"812.3", "400", "browse as guest"} <= set(tree.texts)
    assert tree.texts["broken 2 times: no canary, such as guest saw lesson-premium"] == 1
    assert tree.texts["coursegate load --target=backend --profile=smoke"] == 1


def test_word_of_the_team_is_told(contract: Contract) -> None:
    """Where shops differ, and what a team does not offer, the page says on whose word it was judged."""
    agreement = Agreement(
        path=Path("/somewhere/coursegate.toml"),
        prefix="/v2/",
        unsupported={"notes.*": "sold elsewhere"},
        policy={"course-creators": "staff"},
        former_numbers=("EDU-1", "EDU-2"),
    )
    binding = Binding(Path("/somewhere/backend"), "shop.settings", agreement)

    texts = _tree(contract, result(*RED, binding=binding)).texts

    for told in (
        "prefix /v2/",
        "notes.* is not offered: sold elsewhere",
        "policy: course-creators = staff",
        "former certificate numbers: EDU-1, EDU-2",
    ):
        assert texts[told] == 1


def test_what_is_left_in_a_deployment_is_told(contract: Contract) -> None:
    """Rows that a run made and could not take away again are named."""
    texts = _tree(contract, result(*RED, ledger=Ledger(removed=3, left=["POST /api/notes/ made 7"]))).texts

    assert texts["The run has made rows in the deployment: 3 are gone again, 1 are left."] == 1
    assert texts["POST /api/notes/ made 7"] == 1


@pytest.mark.parametrize("text", ["", "[]", '{"verdict": "pass"}'])
def test_load_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    """A file that is no result of a run under load spoils no page."""
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "verdict.json").write_text(text)

    assert read_load(tmp_path) is None
