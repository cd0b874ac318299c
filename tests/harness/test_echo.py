"""What a caller is told of their own words."""

from __future__ import annotations

import pytest

from coursegate.harness.judging.echo import without_echo

TOKEN = "zqec8140db4acff3612dd230d12b9d1d1a"
SLUG = f"{TOKEN}-course-draft-this-sentence-only-makes-the-text-long-enough"


@pytest.mark.parametrize("told", [SLUG, SLUG[:-10], SLUG[:50]])
def test_ones_own_words_say_nothing_cut_short_or_not(told: str) -> None:
    """A value that was sent, and is told whole or cut short, is no news to who sent it."""
    assert without_echo(f"Key « {told} » is unknown, {told}.", SLUG, "") == "Key «  » is unknown, ."
    assert without_echo(f"Key {told}".encode(), SLUG.encode(), b"") == b"Key "


def test_what_is_like_it_is_something_else() -> None:
    """A title that begins with the token of the slug that was sent is not one's own word."""
    title = f"{TOKEN} course draft. This sentence only"

    assert TOKEN in without_echo(f"{SLUG} names {title}", SLUG, "")
