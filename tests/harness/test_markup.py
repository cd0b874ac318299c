"""Markup that runs code is found however it is written, and harmless markup is left in peace."""

from __future__ import annotations

import pytest

from coursegate.harness.probing.markup import active_markup, unbalanced_tags

ACTIVE = {
    "script": "<p>x</p><script>alert(1)</script>",
    "upper-case": "<SCRIPT SRC=//x.test></SCRIPT>",
    "handler": '<img src="x" onerror="alert(1)">',
    "handler-after-a-slash": "<img/onerror=alert(1)>",
    "scheme": '<a href="javascript:alert(1)">x</a>',
    "scheme-with-blanks": '<a href=" java\tscript:alert(1)">x</a>',
    "scheme-in-entities": '<a href="&#106;avascript:alert(1)">x</a>',
    "data": '<iframe src="data:text/html,x"></iframe>',
    "one-of-many": '<img srcset="x.png 1x, javascript:alert(1) 2x">',
    "self-closed": "<svg/>",
}
HARMLESS = (
    "plain",
    "<p>One <em>two</em></p>",
    '<a href="https://x.test/?q=javascript:">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<img src="x.png" alt="on error">',
    '<img srcset="x.png 1x, y.png 2x">',
)


@pytest.mark.parametrize("text", ACTIVE.values(), ids=ACTIVE.keys())
def test_what_runs_is_found(text: str) -> None:
    """An element, an attribute or an address that runs code is named."""
    assert active_markup(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_does_not_run_is_no_complaint(text: str) -> None:
    """Formatting, links to elsewhere and escaped text are nothing that runs."""
    assert active_markup(text) == []


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("<p>x", ["p"]),
        ("<b><i>x</b></i>", ["b", "b"]),
        ("x</p>", ["p"]),
        ("<p>x<br>y</p>", []),
        ("<img src=x>", []),
        ("<br/>x", []),
    ],
)
def test_what_is_not_balanced_is_named(text: str, tags: list[str]) -> None:
    """Tags that are never closed, or closed without having been opened, are named; void elements need no end."""
    assert sorted(set(unbalanced_tags(text))) == sorted(set(tags))
