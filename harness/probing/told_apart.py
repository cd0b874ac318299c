"""Whether an answer says more than others do that must say the same: what differs between those by itself is no word of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coursegate.harness.observation import Answer

Leaf = tuple[str, Any]
# An answer with what was asked for, which it may repeat.
Asked = tuple[Answer, str]
# Headers that go by the body, the clock or the visitor; each of the others is a word of the answer.
NO_WORDS = re.compile(
    r"content-length|etag|date|age|expires|last-modified|set-cookie|server|.*(time|timing)", re.I
)


def told_apart(seen: Asked, before: Asked, after: Asked) -> list[str]:
    """Where an answer differs from two of one kind, asked before and after it, in words for people.

    What differs between those two, as the number of a request or a time does, must only be of the same type. Asked in
    this order a clock that stands still between the two stands still for the one between them, too.
    """
    one, first, second = (_leaves(*asked) for asked in (seen, before, after))
    if sorted(one) != sorted(first) or not first.keys() & second.keys():
        return [f"it has {', '.join(sorted(one))}, the others {', '.join(sorted(first))}"]
    return [
        f"{path}: {one[path]!r}, else {first[path]!r}"
        for path in sorted(one)
        if one[path] != first[path]
        and (path not in second or first[path] == second[path] or not _is_number(one[path], first[path]))
    ]


def _is_number(one: Any, other: Any) -> bool:
    """Whether two values are of one kind, and no sentences, which may say something besides."""
    return type(one) is type(other) and len(str(one).split()) <= 2


def _leaves(answer: Answer, asked: str) -> dict[str, Any]:
    """What an answer holds, by its path; what was asked for stands as ASKED."""
    try:
        parsed = json.loads(answer.text)
    except ValueError:
        parsed = answer.text
    headers = {
        f"header {name.title()}": value
        for name, value in answer.headers.items()
        if not NO_WORDS.fullmatch(name)
    }
    return headers | dict(_below("", parsed, asked))


def _below(path: str, value: Any, asked: str) -> Iterator[Leaf]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _below(f"{path}.{key}", inner, asked)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _below(f"{path}[{number}]", inner, asked)
    elif isinstance(value, str):
        yield path, re.sub(rf"(?<!\w){re.escape(asked)}(?!\w)", "ASKED", value)
    else:
        yield path, "ASKED" if str(value) == asked else value
