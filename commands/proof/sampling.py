"""A few of many patches: what has changed lately, then some of every family; or one of several equal parts."""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

from coursegate.commands.proof.defects import DefectError, Patch

One = TypeVar("One")


@dataclass(frozen=True)
class Shard:
    """One of several parts of the work, for machines that share it.

    Attributes:
        number: which, from 1.
        of: how many there are.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """From `K/N`, as an option of a command.

        Raises:
            argparse.ArgumentTypeError: it is not written so, or there is no such part.
        """
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise argparse.ArgumentTypeError(f"{text!r} is no part of the work; the second of six is 2/6")
        return cls(int(found[1]), int(found[2]))

    def take(self, work: Sequence[One]) -> list[One]:
        """Every N-th: neighbours cost about the same, so the parts do too.

        Raises:
            DefectError: nothing is left for this part.
        """
        if not (taken := list(work[self.number - 1 :: self.of])):
            told = "this part is empty" if work else "there is no work"
            raise DefectError(
                f"--shard {self.number}/{self.of}: {told} (of {len(work)}); ask for fewer parts"
            )
        return taken


def add_shard_argument(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--shard",
        type=Shard.parse,
        default=Shard(1, 1),
        metavar="K/N",
        help="only the K-th of N equal parts, for machines that share the work",
    )


def sample(known: Sequence[Patch], changed: frozenset[str], count: int) -> list[Patch]:
    """At most `count` patches: those that changed come first, the rest is spread over families and within each.

    Args:
        changed: ids of patches.
    """
    lately = [patch for patch in known if patch.id in changed]
    return [*lately, *(patch for patch in _spread(known, count) if patch.id not in changed)][:count]


def _spread(known: Sequence[Patch], count: int) -> Iterator[Patch]:
    families: dict[str, list[Patch]] = {}
    for patch in known:
        families.setdefault(patch.id.partition("/")[0], []).append(patch)
    turns = zip_longest(*(_evenly(family, count) for family in families.values()))
    return (patch for patch in chain.from_iterable(turns) if patch is not None)


def at_most(many: Sequence[One], most: int) -> Sequence[One]:
    """All where there are no more than `most`, else fewer with the same distance between them."""
    return many[:: -(-len(many) // most) or 1]


def _evenly(family: Sequence[Patch], count: int) -> list[Patch]:
    """All of a family where there are few, else `count` with the same distance between them."""
    step = max(1, len(family) // count)
    return list(family[::step])


def changed_since(revision: str, folder: Path) -> frozenset[str]:
    """The ids of the patches below `folder` that differ from a revision of its repository.

    Raises:
        DefectError: this is no repository, or it has no such revision.
    """
    command = ["git", "-C", str(folder), "diff", "--name-only", "--relative", revision, "--", "*.patch"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise DefectError(f"--since {revision}: {' '.join(done.stderr.split())}")
    return frozenset(name.removesuffix(".patch") for name in done.stdout.splitlines())
