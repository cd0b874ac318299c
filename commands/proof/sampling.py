"""A few of many patches: what has changed lately, then some of every family."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from coursegate.commands.proof.defects import DefectError, Patch


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
