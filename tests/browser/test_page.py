"""gate.html in a browser: it is read, filtered, walked by keyboard and printed, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, expect

from coursegate.contracts.contract import Contract
from coursegate.harness.report.difference import difference
from coursegate.harness.report.html import write_page
from coursegate.tests.harness.sample_runs import large

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENS = pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
# For a machine that has other things to do.
MILLISECONDS = 10_000
SQUARES = ".grid tbody tr:not([hidden]) td:not([hidden]) a:not(.dim)"


@pytest.fixture
def screen() -> ViewportSize:
    return DESKTOP


@pytest.fixture
def page(browser: Browser, page_file: Path, screen: ViewportSize) -> Iterator[Page]:
    """The page, opened."""
    yield from _opened(browser, page_file, screen)


def _opened(browser: Browser, file: Path, screen: ViewportSize) -> Iterator[Page]:
    """A page; an error of its script, or anything that it asks for, fails the test."""
    context = browser.new_context(viewport=screen)
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.on(
        "request",
        lambda request: said.append(request.url) if request.url[:5] not in {"file:", "data:"} else None,
    )
    page.goto(file.as_uri())
    yield page
    context.close()
    assert said == []


def _squares(page: Page) -> list[str]:
    found: list[str] = page.locator(SQUARES).evaluate_all("links => links.map(link => link.id)")
    return found


@SCREENS
def test_nothing_is_wider_than_the_screen(page: Page, screen: ViewportSize) -> None:
    """On a desk and on a phone the page itself is never moved sideways; the grid moves in its own box."""
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
    expect(page.locator("h1")).to_be_visible()


@SCREENS
def test_principal_filters_columns(page: Page) -> None:
    """Of one principal the grid keeps one column, and the lists what that principal asked."""
    page.locator("select[name=who]").select_option("guest")

    assert {square.rpartition("/")[2] for square in _squares(page)} == {"guest"}
    assert page.locator(".grid thead th:visible").all_inner_texts()[:2] == ["operation", "guest"]


def test_outcome_filters_squares(page: Page) -> None:
    """Of one outcome the grid keeps what promises it, and says how many operations that are."""
    assert page.locator("select[name=outcome] option").all_inner_texts() == ["anything", "locked"]
    page.get_by_label("promised").select_option("locked")

    assert len(_squares(page)) == page.locator(".grid td a").count()


def test_only_what_is_not_kept(page: Page) -> None:
    """What is kept steps back; an operation of which all is kept leaves."""
    before = page.locator(".grid tbody tr").count()
    page.get_by_label("only what is not kept").check()

    classes = page.locator(SQUARES).evaluate_all("links => links.map(link => link.classList[0])")
    assert set(classes) == {"leak", "fail"}
    shown = page.locator(".grid tbody tr:visible").count()
    assert 0 < shown < before
    assert page.locator("output").inner_text() == f"{shown} of {before} operations"


def test_only_what_has_changed(browser: Browser, contract: Contract, tmp_path: Path) -> None:
    """Compared with a baseline the grid keeps what ended otherwise."""
    head = large(contract, checks=600, failures=60)
    base = large(contract, checks=600, failures=30)
    since = difference(base.as_dict(), head.as_dict())
    for page in _opened(browser, write_page(replace(head, since=since), contract, tmp_path), DESKTOP):
        page.get_by_label("only what has changed").check()

        changed = [name for _, names in since.items() for name in names]
        expected = {"grid/access/" + "/".join(name.split("/")[1::2]) for name in changed}
        assert 0 < len(expected) < page.locator(".grid td a").count()
        assert set(_squares(page)) == expected


def test_words_filter_operations(page: Page) -> None:
    """Words are looked for in the name, the path and the description of an operation."""
    page.keyboard.press("/")
    page.keyboard.type("retrieve /api/lessons")

    assert page.locator(".grid tbody tr:visible th").evaluate_all(
        "all => all.map(one => one.firstChild.data)"
    ) == ["lessons.retrieve"]


@SCREENS
def test_large_page_lays_out_once_per_filter(
    browser: Browser, large_file: Path, screen: ViewportSize
) -> None:
    """Of 5,000 checks, 500 of them broken, a filter hides what it must in one layout, not in one for each row."""
    for page in _opened(browser, large_file, screen):
        assert page.locator(".cause").count() > 40
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        before = _layouts(session)
        for change in ("who.value = 'guest'", "broken.checked = true", "who.value = ''"):
            page.evaluate(
                f"() => {{ const form = document.querySelector('.filter'); form.{change}; "
                "form.dispatchEvent(new Event('input')); document.body.offsetHeight }"
            )
        assert _layouts(session) - before <= 6


def _layouts(session: CDPSession) -> int:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return int(next(one["value"] for one in metrics if one["name"] == "LayoutCount"))


def test_keyboard_walks_the_grid(page: Page) -> None:
    """Arrow keys move from square to square, Enter opens one, Escape closes it and leads back."""
    first = page.locator(".grid td a").first
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    square = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")

    expect(page.locator(f"[id='{square.removeprefix('grid/')}']")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == square
    expect(page.locator(".panel:visible")).to_have_count(0)


def test_hidden_squares_are_no_stop(page: Page) -> None:
    """With one principal filtered, arrows move within its column."""
    page.locator("select[name=who]").select_option("premium")
    page.locator(SQUARES).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")

    assert page.evaluate("document.activeElement.id").endswith("/premium")


@SCREENS
def test_link_opens_what_it_leads_to(page: Page) -> None:
    """From a finding to the check that breaks it: the panel opens, with the line that asks again."""
    page.locator(".finding li a").first.click()

    panel = page.locator(".panel:visible")
    expect(panel).to_have_count(1)
    assert "coursegate replay access/" in panel.inner_text()


def test_page_is_readable_without_scripts(browser: Browser, page_file: Path) -> None:
    """Without scripts the causes, the audit's words and the grid are there, links open panels, and no filter pretends."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())

    expect(page.locator(".filter")).to_be_hidden()
    expect(page.locator(".cause").first).to_be_visible()
    expect(page.locator(".finding dd").first).to_be_visible()
    page.locator(".grid td a").first.click()
    expect(page.locator(".panel:visible")).to_have_count(1)
    context.close()


def test_schemes_differ(browser: Browser, page_file: Path) -> None:
    """The page is dark where the reader's system is."""
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="light" if scheme == "light" else "dark")
        page = context.new_page()
        page.goto(page_file.as_uri())
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()

    assert len(grounds) == 2


def test_printed_page_has_the_causes(page: Page) -> None:
    """On paper the causes, the audit and the grid stay; what only a screen needs is left out."""
    page.emulate_media(media="print")

    expect(page.locator(".cause").first).to_be_visible()
    expect(page.locator(".grid").first).to_be_visible()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".filter")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")
