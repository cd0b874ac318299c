"""A comparison tells a change that is there, and keeps quiet about one that is not."""

from __future__ import annotations

import random

import pytest

from coursegate.load.compare.decision import effect
from coursegate.load.compare.session import concluded
from coursegate.load.compare.telling import as_data, markdown
from coursegate.load.compare.windows import Pair, Window


def window(side: str, cpu: float = 10.0, statements: float = 7.0, bad: int = 0, requests: int = 50) -> Window:
    return Window(side, requests, cpu, cpu * 2, {"lessons.list": statements}, bad)


def noisy(count: int, slower: float = 1.0) -> list[Pair]:
    """Pairs whose windows vary together by 20 %, and apart by 2 %."""
    chance = random.Random(5)
    found = []
    for _ in range(count):
        level = 10 * chance.uniform(0.9, 1.1)
        base, head = (level * chance.uniform(0.99, 1.01) for _ in range(2))
        found.append(Pair(window("base", base), window("head", head * slower)))
    return found


@pytest.mark.parametrize(("slower", "word"), [(1.0, "no difference"), (1.1, "slower"), (0.9, "faster")])
def test_a_tenth_is_told(slower: float, word: str) -> None:
    """A tenth more or less of processor time is told from pairs that vary by twice as much together."""
    found = concluded(tuple(noisy(20, slower)), "memory")
    assert (found.word, found.exit_code) == (word, int(word == "slower"))
    assert found.cpu is not None
    assert found.cpu.low <= slower - 1 + 0.005
    assert found.cpu.high >= slower - 1 - 0.005


def test_a_difference_too_small_to_matter_is_none() -> None:
    """Half a percent is no change, however surely it is there."""
    found = effect([10.0] * 30, [10.05] * 30)
    assert (found.word, found.p_slower < 0.001) == ("no difference", True)


def test_windows_that_went_wrong_prove_nothing() -> None:
    """Where a window was not answered as promised the comparison is void."""
    pairs = [*noisy(10), Pair(window("base"), window("head", bad=10))]
    found = concluded(tuple(pairs), "memory")
    assert (found.word, found.exit_code) == ("void", 5)
    assert "head: 10 of 50 requests" in found.why


def test_windows_that_differ_in_what_they_asked_prove_nothing() -> None:
    """A pair asks both sides for the same."""
    pairs = [*noisy(10), Pair(window("base"), window("head", requests=40))]
    assert concluded(tuple(pairs), "memory").word == "void"


def test_few_pairs_prove_nothing() -> None:
    """Seven pairs could not show a change whatever they held."""
    assert concluded(tuple(noisy(7)), "memory").word == "void"


def test_more_statements_fail_whatever_they_cost() -> None:
    """Statements in the database are counted, not timed: one more in an operation is told."""
    pairs = [Pair(pair.base, window("head", pair.head.cpu, statements=27.0)) for pair in noisy(10)]
    found = concluded(tuple(pairs), "memory")
    assert (found.statements, found.exit_code) == ({"lessons.list": (7.0, 27.0)}, 1)
    assert "- lessons.list: 7 statements in the database before, 27 now" in list(markdown(found))
    assert as_data(found, "base", "head")["statements"] == {"lessons.list": [7.0, 27.0]}
