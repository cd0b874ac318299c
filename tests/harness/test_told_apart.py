"""An answer says no more than others of a kind, whatever numbers and times each of them carries."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from coursegate.harness.observation import Answer
from coursegate.harness.probing.told_apart import told_apart


def _answer(asked: str, **body: Any) -> tuple[Answer, str]:
    return Answer(400, {}, json.dumps(body).encode()), asked


def _refusal(asked: str, number: int, **more: Any) -> tuple[Answer, str]:
    detail = {"course_id": [f"There is no {asked}."], "id": int(asked), "request": f"r-{number}"}
    return _answer(asked, detail=detail, at="12:00", **more)


def test_numbers_and_times_tell_nothing() -> None:
    """What differs among those of one kind may differ, and what was asked for may be repeated."""
    assert told_apart(_refusal("7", 2), _refusal("981", 1), _refusal("982", 3)) == []


def _with(told: tuple[Answer, str], **headers: str) -> tuple[Answer, str]:
    return replace(told[0], headers={name.replace("_", "-"): text for name, text in headers.items()}), told[1]


def test_headers_are_words_too() -> None:
    """A header is told as the body is, unless it goes by the body or the clock: a proxy keeps the one and not the other."""
    one, first, second = _refusal("7", 2), _refusal("981", 1), _refusal("982", 3)
    others = [_with(told, Cache_Control="no-store", Content_Length="80") for told in (first, second)]

    assert told_apart(_with(one, cache_control="no-store", content_length="7", ETag='"1"'), *others) == []
    found = told_apart(_with(one, Cache_Control="max-age=60"), *others)

    assert found == ["header Cache-Control: 'max-age=60', else 'no-store'"]


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (
            _answer("7", detail={"course_id": ["Not yet."], "id": 7, "request": "r-2"}, at="12:00"),
            "detail.course_id",
        ),
        (_refusal("7", 2, is_draft=True), "is_draft"),
        (
            _answer("7", detail={"course_id": ["There is no 7."], "id": 7, "request": None}, at="12:00"),
            "request",
        ),
        (_answer("7", detail={"course_id": ["There is no 7."], "id": 7, "request": "r"}, at="12:01"), ".at"),
    ],
)
def test_words_of_its_own_are_told(seen: tuple[Answer, str], told: str) -> None:
    """Another text, key or type is told with its place, and so is a value that the others have alike."""
    found = told_apart(seen, _refusal("981", 1), _refusal("982", 3))

    assert len(found) == 1
    assert told in found[0]
