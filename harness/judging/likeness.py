"""Whether two answers say the same, but for the id that was asked for; and where they first differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from coursegate.harness.judging.echo import without_echo
from coursegate.harness.observation import Answer

_HEADERS = ("Content-Type", "Allow")
_MOST_TEXT = 80
REQUESTED = "<requested>"
Named = str | tuple[str, ...]


def difference(
    answer: Answer, control: Answer, requested: tuple[Named, Named], again: Callable[[], Answer] | None
) -> str:
    """Where an answer first differs from that for an id that never existed, and both sides; "" where it says no more.

    Args:
        requested: the id that was asked for, and the one that never existed; several where each has more names; "" for none.
        again: asks for the control once more, where the same status says something else: a time or a number that differs
            between two controls, too, says nothing. None where it cannot be asked again.
    """
    if answer.status != control.status:
        return f"{answer.status} instead of {control.status}"
    found = _difference(answer, control, requested, None)
    return _difference(answer, control, requested, again()) if found and again is not None else found


def _difference(answer: Answer, control: Answer, requested: tuple[Named, Named], again: Answer | None) -> str:
    ours, theirs = (
        _without(text, names) for text, names in zip((answer.text, control.text), requested, strict=True)
    )
    if again is not None:
        read = _read(_without(again.text, requested[1]))
        ours = json.dumps(_without_numbers(_read(ours), _read(theirs), read), ensure_ascii=False)
        theirs = json.dumps(_read(theirs), ensure_ascii=False)
    if ours != theirs:
        return (
            _first(_read(ours), _read(theirs), "$")
            or f"its text is {_short(ours)} instead of {_short(theirs)}"
        )
    for name in _HEADERS:
        if answer.header(name) != control.header(name):
            return f"{name} is {answer.header(name)!r} instead of {control.header(name)!r}"
    return ""


def _without_numbers(ours: Any, theirs: Any, again: Any) -> Any:
    """An answer with what differs between two controls as it is in the first of them, where it is one word of a kind."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and isinstance(again, dict):
        return {
            key: _without_numbers(value, theirs[key], again[key]) if key in theirs and key in again else value
            for key, value in ours.items()
        }
    if isinstance(ours, list) and isinstance(theirs, list) and isinstance(again, list):
        if len(ours) == len(theirs) == len(again):
            return [_without_numbers(*three) for three in zip(ours, theirs, again, strict=True)]
        return ours
    is_restless = theirs != again and type(ours) is type(theirs) is type(again) and not isinstance(ours, bool)
    # A sentence with a number in it may say something besides.
    return theirs if is_restless and len(str(ours).split()) <= 2 else ours


def _without(text: str, requested: Named) -> str:
    for name in filter(None, (requested,) if isinstance(requested, str) else requested):
        text = without_echo(text, name, REQUESTED)
    return text


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _first(ours: Any, theirs: Any, place: str) -> str:
    """The first place at which two JSON values differ; "" where they are equal."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys((*ours, *theirs)):
            if key not in theirs or key not in ours:
                return f"{place}.{key} {'stands in it alone' if key in ours else 'is missing from it'}"
            if found := _first(ours[key], theirs[key], f"{place}.{key}"):
                return found
        return ""
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return next(
            filter(None, (_first(one, other, f"{place}[{index}]") for index, (one, other) in pairs)), ""
        )
    return "" if ours == theirs else f"at {place} it says {_short(ours)} instead of {_short(theirs)}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return repr(text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…")
