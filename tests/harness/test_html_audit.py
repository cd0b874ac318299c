"""gate.html tells the audit file by file in its own words, how far each phase is, and what proves the checks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.html import render, write_page
from coursegate.harness.report.page import page_of
from coursegate.harness.report.progress import phases, progress_of
from coursegate.harness.report.proved import read_proof
from coursegate.tests.harness.page_tree import Tree
from coursegate.tests.harness.sample_runs import RED, broken, cell, result

WHEN = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
PATCHES: list[dict[str, Any]] = [
    {
        "id": "findings/a",
        "finding": "ARCH-01",
        "says": "says a",
        "outcome": "killed",
        "reason": "",
        "failed": ["x"],
    },
    {
        "id": "access/b",
        "finding": "",
        "says": "says b",
        "outcome": "survived",
        "reason": "nothing fails",
        "failed": [],
    },
    {"id": "benign/c", "finding": "", "says": "says c", "outcome": "green", "reason": "", "failed": []},
]


def _tree(contract: Contract, run: Result, folder: Path | None = None) -> Tree:
    return Tree(render(page_of(run, contract, WHEN, read_proof(folder) if folder else None)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "proof.json").write_text(json.dumps({"patches": PATCHES}))
    return tmp_path


def test_finding_stands_once_with_the_words_of_the_audit(contract: Contract) -> None:
    """Each finding that a backend can keep is told once, in full, below a file that it names."""
    tree = _tree(contract, result(*RED))

    known = [finding for finding in contract.findings.values() if not finding.is_of_the_gate]
    assert [tree.values("id").count(f"finding/{finding.id}") for finding in known] == [1] * len(known)
    for finding in known:
        assert all(tree.texts[text] for text in (finding.required, finding.defect, *finding.quotes))
    assert all(tree.texts[file] for finding in known for file in finding.files)


def test_broken_finding_leads_to_its_checks(contract: Contract) -> None:
    """A finding that is not kept says how to ask again, and links to what breaks it; its file is open."""
    red = broken("guest", "leak", "x", findings=["ARCH-01"])
    tree = _tree(contract, result(red, cell("staff", findings=["SER-02"])))

    replay = f"coursegate replay {red['id']} --target=/somewhere/backend"
    assert tree.texts[replay] == 3  # at its cause, at its finding, at its place
    assert "#access/lessons.retrieve/guest" in tree.values("href")
    opened = [found for found in tree.of("details") if found.get("class") == "file" and "open" in found]
    assert len(opened) == 1


def test_finding_without_a_check_is_not_kept(contract: Contract) -> None:
    """What no check of the run cites is told as not asked, and counts for no phase as kept."""
    found = progress_of(result(cell("guest", findings=["SER-02"])), contract)

    assert {one.verdict for one in found if one.finding.id != "SER-02"} == {"not asked"}
    assert [(phase.number, phase.kept) for phase in phases(found) if phase.kept] == [(1, 1)]


def test_finding_is_as_good_as_its_worst_check(contract: Contract) -> None:
    """One broken check breaks a finding, whatever else is kept; what was not judged keeps it from being kept."""
    verdicts = ("pass", "fail", "not-assessed")
    for worst, given in (("fail", verdicts), ("not-assessed", ("pass", "not-assessed")), ("pass", ("pass",))):
        cells = [cell(verdict, verdict=verdict, findings=["SER-02"]) for verdict in given]
        one = next(one for one in progress_of(result(*cells), contract) if one.finding.id == "SER-02")

        assert one.verdict == worst


def test_finding_that_fails_elsewhere_alone_is_in_doubt(contract: Contract) -> None:
    """Where only checks fail that are about another finding first, the page names that, and no phase counts it as broken."""
    elsewhere = broken("guest", "leak", "x", findings=["GUARD-01", "SER-02"])
    kept = cell("staff", findings=["SER-02"])
    own = broken("peer", "form", "y", findings=["SER-02", "GUARD-01"])
    # On the way a key was missing that another finding asks for.
    about = broken("guest", "form", "z", findings=["SER-02"], about="GUARD-01")
    for cells, through in (
        ([elsewhere, kept], ["GUARD-01"]),
        ([about, kept], ["GUARD-01"]),
        ([elsewhere, kept, own], []),
    ):
        run = result(*cells)
        one = next(one for one in progress_of(run, contract) if one.finding.id == "SER-02")
        tree = _tree(contract, run)
        phase = phases([one])[0]

        assert (one.verdict, one.through) == ("fail", through)
        assert (phase.broken, phase.doubted, phase.kept, phase.other) == (not through, bool(through), 0, 0)
        told = sum("in doubt: only checks fail that are about GUARD-01 first" in text for text in tree.texts)
        assert told == len(through)
        assert run.as_dict()["findings"]["SER-02"].get("through", []) == through


def test_later_phase_is_told_as_later(contract: Contract) -> None:
    """In a run as far as a phase, later ones are marked, and so is a finding that only they ask for."""
    red = broken("guest", "leak", "x", findings=["ARCH-01"])
    tree = _tree(contract, result(red, phase=1, deferred=[red["id"]]))

    assert tree.texts["2 (later)"] == 1
    assert tree.texts["1"]
    assert sum(count for text, count in tree.texts.items() if "leak, of a later phase" in text) == 1


def test_page_without_findings_has_no_audit(contract: Contract) -> None:
    """Where no check cites a finding, there is no table of nothing."""
    assert (
        "What the audit asks for"
        not in _tree(contract, result(cell("guest", findings=["policy 4"]))).headings
    )


def test_proof_is_told_the_worst_first(contract: Contract, folder: Path) -> None:
    """A defect that was not noticed stands first, with the command that proves it; a finding names its own."""
    tree = _tree(contract, result(*RED), folder)

    assert tree.texts["coursegate prove access/b"] == 1
    assert tree.texts["nothing fails"] == 1
    assert {"says a", "says b", "says c"} <= set(tree.texts)
    assert sum("proved by 1 defect of 1" in text for text in tree.texts) == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"patches": [{}]}', '{"patches": 3}'])
def test_proof_that_cannot_be_read_is_none(contract: Contract, tmp_path: Path, text: str) -> None:
    """A file that is no proof spoils no page."""
    (tmp_path / "proof.json").write_text(text)

    page = write_page(result(*RED), contract, tmp_path).read_text(encoding="utf-8")

    assert "Would the checks notice?" not in page
