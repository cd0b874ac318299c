"""The oracle finds a token however an answer dresses it, and nothing else."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import quote

import pytest

from coursegate.harness.canaries import PREFIX, Aviary, Canary, mint

TOKEN = mint("seed", "lesson-premium", "content")
LESSON = Canary(TOKEN, "lesson-premium", "courses.Lesson", "content", frozenset({"premium"}))
TEXT = f"{TOKEN} <b>lesson</b> premium"


@pytest.fixture
def aviary() -> Aviary:
    aviary = Aviary()
    aviary.add(LESSON)
    return aviary


DRESSES = {
    "plain": TEXT.encode(),
    "json": json.dumps({"content": TEXT}).encode(),
    "json-escapes": "".join(f"\\u{ord(letter):04x}" for letter in TEXT).encode(),
    "html": "".join(f"&#{ord(letter)};" for letter in TEXT).encode(),
    "url": "".join(f"%{ord(letter):02X}" for letter in TEXT).encode(),
    "partly-url": quote(TEXT).encode(),
    "upper-case": TEXT.upper().encode(),
    "base64": base64.b64encode(TEXT.encode()),
    "base64-off-by-one": base64.b64encode(b"x" + TEXT.encode()),
    "base64-in-json": json.dumps({"blob": base64.urlsafe_b64encode(TEXT.encode() * 2).decode()}).encode(),
    "gzip": gzip.compress(TEXT.encode()),
    "cut-short": TOKEN[:PREFIX].encode(),
    "video-id": f"https://youtu.be/{TOKEN[:PREFIX]}?t=5".encode(),
}


@pytest.mark.parametrize("body", DRESSES.values(), ids=DRESSES.keys())
def test_token_is_found_in_every_dress(aviary: Aviary, body: bytes) -> None:
    """A token is found plain, cut short, and under every encoding that answers use."""
    assert aviary.seen_in(body, {}) == [LESSON]


def test_token_is_found_in_headers(aviary: Aviary) -> None:
    """A token in a header is as leaked as one in the body."""
    assert aviary.seen_in(b"", {"Location": f"/files/{TOKEN}.pdf"}) == [LESSON]


def test_other_tokens_are_not_ours(aviary: Aviary) -> None:
    """A token of another world, or plain text, raises no alarm."""
    assert aviary.seen_in(f"{mint('other', 'lesson', 'content')} zqzqzq zq123".encode(), {}) == []


def test_broken_gzip_and_base64_are_searched_as_they_are(aviary: Aviary) -> None:
    """Bytes that only look encoded break nothing."""
    assert aviary.seen_in(b"\x1f\x8b not gzip " + TOKEN.encode() + b"A" * 61, {}) == [LESSON]


def test_clearance_decides_what_is_a_leak(aviary: Aviary) -> None:
    """Whoever a canary is for may receive it; nobody else may."""
    seen = aviary.seen_in(TEXT.encode(), {})

    assert aviary.above_clearance(seen, "premium") == []
    assert aviary.above_clearance(seen, "guest") == [LESSON]


def test_same_seed_same_tokens() -> None:
    """Tokens depend on the seed and the place alone, and no two places share one."""
    assert mint("seed", "lesson-premium", "content") == TOKEN
    assert (
        len({mint("seed", "a", "b"), mint("seed", "a", "c"), mint("seed", "b", "b"), mint("need", "a", "b")})
        == 4
    )
    assert len(TOKEN) == 2 + 32
