"""Which patches are put to the checks together: what is green for several at once is asked of none of them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from coursegate.commands.proof.defects import EVERYTHING, Alternative, Defect, Patch, under
from coursegate.commands.proof.workshop import DoesNotApply, apply_patch, compile_backend

SIZE = 30
# Of defects that may redden everything, and of alternatives, each of which changes much: together they leave little to be
# told apart.
MOST_OF_WIDE = 10


def pools_of(
    patches: Sequence[Patch],
    checks: Mapping[str, str],
    folder: Path,
    size: int = SIZE,
    apart: Set[str] = frozenset(),
) -> list[list[Patch]]:
    """Pools of at most `size` patches that can be put in together and are least in each other's way.

    No two of a pool are about the same finding or operation, or touch the migrations of the same app. Alternatives,
    defects, and defects that may redden everything are not mixed.

    Args:
        checks: check -> its area, as `known_checks` gives them.
        folder: where patches can be joined, to see whether they go in together.
        apart: ids of those that make a pool of their own.
    """
    found: list[list[Patch]] = []
    areas = {patch.id: _area(patch, checks) for patch in patches}
    for patch in patches:
        most = min(size, MOST_OF_WIDE) if any(_sort(patch)) else size
        rooms = (pool for pool in found if len(pool) < most and not {patch.id, pool[0].id} & apart)
        room = next((pool for pool in rooms if _fits(patch, pool, areas, folder)), None)
        if room is None:
            found.append([patch])
        else:
            room.append(patch)
    return found


def joined(members: Sequence[Patch], file: Path, name: str) -> Patch:
    """One patch that does what all of them do; written to `file`."""
    texts = (member.path.read_text(encoding="utf-8") for member in members)
    file.write_text("".join(text[text.index("diff --git ") :] for text in texts), encoding="utf-8")
    return Patch(file, name, "")


def _fits(patch: Patch, pool: Sequence[Patch], areas: Mapping[str, str], folder: Path) -> bool:
    if _sort(patch) != _sort(pool[0]) or areas[patch.id] in {areas[one.id] for one in pool}:
        return False
    if any(patch.migrated & one.migrated for one in pool):
        return False
    try:
        apply_patch(
            joined([*pool, patch], folder / "joined.patch", "").path, compile_backend(), only_look=True
        )
    except DoesNotApply:
        return False
    return True


def _sort(patch: Patch) -> tuple[bool, bool]:
    return isinstance(patch, Alternative), is_wide(patch)


def is_wide(patch: Patch) -> bool:
    """Whether it is a defect that may redden everything."""
    return isinstance(patch, Defect) and EVERYTHING in patch.only


def _area(patch: Patch, checks: Mapping[str, str]) -> str:
    """What a patch is about: of an alternative, itself."""
    if not isinstance(patch, Defect):
        return patch.id
    return patch.finding or next(checks[check] for check in under(patch.red[0], checks))
