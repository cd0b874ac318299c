"""A sample of the patches holds what changed lately and something of every family."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from coursegate.commands.proof.defects import FOLDER, DefectError, Patch
from coursegate.commands.proof.sampling import Shard, changed_since, sample


def _family(name: str, count: int) -> list[Patch]:
    return [Patch(Path(f"{number:02}.patch"), f"{name}/{number:02}", "") for number in range(count)]


def test_every_family_is_there() -> None:
    """A large family leaves room for the small ones, and is not asked for its first members only."""
    chosen = [patch.id for patch in sample([*_family("access", 40), *_family("benign", 2)], frozenset(), 6)]

    assert {"benign/00", "benign/01"} <= set(chosen)
    assert len(chosen) == len(set(chosen)) == 6
    assert max(chosen[:-1]) > "access/10"


def test_what_changed_comes_first() -> None:
    """What changed lately is in the sample, whatever else is left out for it."""
    known = _family("access", 40)

    chosen = [patch.id for patch in sample(known, frozenset({"access/07", "access/39"}), 3)]

    assert chosen[:2] == ["access/07", "access/39"]
    assert len(set(chosen)) == 3


def test_no_more_than_there_are() -> None:
    """A sample that is larger than all of them is all of them."""
    assert len(sample(_family("access", 3), frozenset(), 10)) == 3


def test_unknown_revision_is_told() -> None:
    """A revision that the repository does not have is told by its name."""
    with pytest.raises(DefectError, match="--since no-such-revision"):
        changed_since("no-such-revision", FOLDER)


def test_shards_are_the_whole() -> None:
    """Each piece of work is in exactly one part, and no part has two more than another."""
    parts = [Shard.parse(f"{number}/6").take(range(100)) for number in range(1, 7)]

    assert sorted(one for part in parts for one in part) == list(range(100))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_empty_shard_is_refused() -> None:
    """A part in which nothing is left to do is an error: it would be green without having looked at anything."""
    with pytest.raises(DefectError, match="--shard 3/3: this part is empty"):
        Shard(3, 3).take(["one", "other"])


@pytest.mark.parametrize("text", ["0/6", "7/6", "6", "1/0", "a/b", "-1/6"])
def test_no_such_shard_is_refused(text: str) -> None:
    """A part that there is not is refused, with an example of one."""
    with pytest.raises(argparse.ArgumentTypeError, match="2/6"):
        Shard.parse(text)
