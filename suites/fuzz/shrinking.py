"""A failing case made as small as it can be without failing otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from coursegate.contracts.corpus import Case

MOST_ATTEMPTS = 24


def smallest(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The case with whatever can be left out left out: parameters, keys of the body, length of texts."""
    attempts = 0
    shrinking = True
    while shrinking:
        shrinking = False
        for smaller in _smaller(case):
            attempts += 1
            if attempts > MOST_ATTEMPTS:
                return case
            if fails(smaller):
                case, shrinking = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    for place in range(len(case.query)):
        yield replace(case, query=case.query[:place] + case.query[place + 1 :])
    if isinstance(case.body, dict):
        for key, value in case.body.items():
            yield replace(case, body={name: inner for name, inner in case.body.items() if name != key})
            if isinstance(value, str) and len(value) > 20 and "$(" not in value:
                yield replace(case, body={**case.body, key: value[: len(value) // 2]})
