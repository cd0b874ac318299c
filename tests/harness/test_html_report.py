"""gate.html is one file that asks nobody for anything, says what gate.json says, and gives nothing away."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.html import FOLDER, render, write_page
from coursegate.harness.report.page import page_of
from coursegate.harness.report.squares import anchor
from coursegate.harness.verdicts import Verdict
from coursegate.tests.harness.page_tree import Tree
from coursegate.tests.harness.sample_runs import RED, broken, cell, result

WHEN = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
PRINCIPALS = ("guest", "registered", "premium", "lapsed", "owner", "assistant", "peer", "former", "staff")
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo5fQ.c2lnbmF0dXJl"
SECRETS = (TOKEN, "b3BhcXVlLXRva2VuLW9mLWEtcGVyc29u", "q7w8e9r0t1y2", "correct-horse-battery")


def _page(contract: Contract, result: Result) -> str:
    return render(page_of(result, contract, WHEN))


@pytest.fixture(scope="module")
def red(contract: Contract) -> Tree:
    return Tree(_page(contract, result(*RED)))


def test_page_asks_nobody_for_anything(red: Tree) -> None:
    """No element of the page loads or sends: the only addresses are places in it."""
    assert not red.open
    assert not red.values("src")
    assert not red.values("style")
    assert {address[0] for address in red.values("href") if address != "data:,"} == {"#"}
    assert not {"iframe", "object", "embed", "base", "img"} & {tag for tag, _ in red.elements}
    assert not re.search(
        r"url\(|@import|\bfetch\b|XMLHttp",
        (FOLDER / "gate.css").read_text() + (FOLDER / "gate.js").read_text(),
    )


def test_policy_allows_what_is_in_the_page_alone(contract: Contract) -> None:
    """The Content-Security-Policy names the one style and the one script by their hashes, and nothing else."""
    page = _page(contract, result(*RED))

    policy = next(meta["content"] for meta in Tree(page).of("meta") if "http-equiv" in meta)
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_every_cell_has_its_place(red: Tree) -> None:
    """Each cell of the run stands once, under its id; no two elements share one."""
    places = Counter(red.values("id"))

    assert all(places[anchor(cell["id"])] == 1 for cell in RED)
    assert set(places.values()) == {1}


def test_every_link_leads_somewhere(red: Tree) -> None:
    """Whatever is clicked is there, with scripts off too."""
    places = set(red.values("id"))

    assert all(unquote(address[1:]) in places for address in red.values("href") if address[0] == "#")
    assert all(name in places for name in red.values("aria-labelledby"))


def test_causes_are_told_the_gravest_first(red: Tree) -> None:
    """One leak stands above two wrong forms, each with an example and how to ask again."""
    causes = [heading for heading in red.headings if heading.split()[0] in {"leak", "form"}]

    assert causes == [
        "leak lessons.retrieve leaks content",
        "form a wrong form",
        "form routed, not described",
    ]
    replay = "coursegate replay access/lessons.retrieve/lesson-premium/guest --target=/somewhere/backend"
    assert red.texts[replay] == 2
    assert red.texts["lessons.retrieve leaks content, as seen"] == 2


def test_square_shows_the_worst_of_its_subjects(red: Tree) -> None:
    """A leak among kept promises is a leak, told by a letter, a word and a number, not by colour alone."""
    squares = {found["id"]: found for found in red.of("a") if found.get("id", "").startswith("grid/")}

    leak = squares["grid/access/lessons.retrieve/guest"]
    assert (leak["class"], leak["aria-label"]) == ("leak", "lessons.retrieve as guest: 1 of 2 leak")
    assert red.texts["L 1/2"] == 1
    assert {"B 1", "N 1", "W 1", "✓ 1", "F 1"} <= set(red.texts)


def test_what_was_not_judged_is_told_with_its_reason(red: Tree) -> None:
    """Blocked, not assessed, waived and not applicable are counted, each reason once beside its cells."""
    aside = [heading for heading in red.headings if re.match(r"[BNW–] ", heading)]

    assert [heading.split()[1:3] for heading in aside] == [
        ["blocked:", "1"],
        ["not-assessed:", "1"],
        ["waived:", "1"],
        ["not-applicable:", "1"],
    ]
    for reason in ("its allowed twin is refused as well", "throttled", "until spring"):
        assert red.texts[reason] == 2


def test_headings_skip_no_level(red: Tree) -> None:
    """Somebody who reads by headings finds one first heading, and no gap below it."""
    levels = [int(tag[1]) for tag, _ in red.elements if re.fullmatch("h[1-6]", tag)]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_a_target_says_is_text(contract: Contract) -> None:
    """Markup in an answer, a path or an error of the target is shown, never obeyed."""
    evil = "</style></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'"
    said = dict.fromkeys(("subject", "expected", "seen", "reason", "cause", "curl", "operation"), evil)
    failing = cell("guest", verdict="fail", kind="form") | said | {"findings": [evil]}
    rung = RungResult("imports", Verdict.FAIL, (evil,), evil, (evil,), {"versions": {evil: evil}})

    tree = Tree(_page(contract, result(failing, preflight=[rung], harness_errors=[evil], seed=evil)))

    assert len(tree.of("script")) == len(tree.of("style")) == 1
    assert not tree.of("img")
    assert tree.texts[evil] > 5


def test_no_secret_reaches_the_page(contract: Contract) -> None:
    """Tokens, cookies and passwords that came past all else are cut out; the variables to fill in stay."""
    leaks = (
        f"Authorization: Bearer {SECRETS[1]}",
        f"answer was {TOKEN}.",
        f"Set-Cookie: sessionid={SECRETS[2]}; Path=/",
        f'{{"email": "a@b.example", "password": "{SECRETS[3]}"}}',
    )
    text = "\n".join(leaks)
    failing = cell(
        "guest", verdict="fail", kind="leak", cause=text, reason=text, curl=f"{text} Bearer $TOKEN_GUEST"
    )
    rung = RungResult("start", Verdict.FAIL, (text,), notes=(text,))

    page = _page(contract, result(failing | {"seen": text}, preflight=[rung], harness_errors=[text]))

    assert not [secret for secret in SECRETS if secret in page]
    assert page.count("[redacted]") >= len(leaks)
    assert "Bearer $TOKEN_GUEST" in page


def test_run_that_judged_nothing_is_a_page(contract: Contract) -> None:
    """Without a cell, a rung or an operation there is still a page that says so."""
    tree = Tree(_page(contract, result(preflight=[], harness_errors=["conftest.py: SyntaxError"])))

    assert tree.texts["No operation was asked about."] == 1
    assert tree.texts["conftest.py: SyntaxError"] == 1


def test_same_data_give_the_same_bytes(contract: Contract) -> None:
    """Two pages of one run differ in their time stamps only."""
    first, second = (_page(contract, result(*RED)) for _ in range(2))
    later = render(page_of(result(*RED), contract, WHEN.replace(hour=13)))

    assert first == second
    assert later.replace("13:30", "12:30") == first


def test_full_run_is_a_page_of_reasonable_size(contract: Contract) -> None:
    """2,300 failing cells with long requests are less than 3 MB."""
    cells = [
        broken(
            principal,
            "form",
            "a wrong form",
            operation=operation,
            subject=f"subject-{number}",
            curl="x" * 200,
        )
        for number in range(2)
        for operation in contract.api.operations
        for principal in PRINCIPALS
    ]

    page = _page(contract, result(*cells, *(cell("guest", f"lesson-{number}") for number in range(176))))

    assert len(cells) + 176 >= 2300
    assert len(page.encode()) < 3_000_000


def test_page_is_whole_or_absent(contract: Contract, tmp_path: Path) -> None:
    """A page that cannot be written leaves no half of one behind; one that can stands under its name."""
    (tmp_path / "gate.html").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_page(result(*RED), contract, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["gate.html"]

    (tmp_path / "gate.html").rmdir()
    assert (
        write_page(result(*RED), contract, tmp_path).read_text(encoding="utf-8").startswith("<!doctype html>")
    )


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(scheme: int) -> None:
    """Every text has the contrast of WCAG AA (4.5 to 1) on its ground, in light and in dark."""
    block = re.findall(r":root \{(.*?)\}", (FOLDER / "gate.css").read_text(encoding="utf-8"), re.DOTALL)[
        scheme
    ]
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", block))
    pairs = [(name, f"on-{name}") for name in colours if f"on-{name}" in colours]
    pairs += [
        (ground, text)
        for ground in ("paper", "raised")
        for text in ("ink", "quiet", "link", "fail", "on-pass")
    ]

    assert len(pairs) == 17
    assert {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := _contrast(*(colours[name] for name in pair))) < 4.5
    } == {}


def _contrast(*colours: str) -> float:
    low, high = sorted(_luminance(colour) for colour in colours)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
