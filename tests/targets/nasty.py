"""Nasty targets, as small as they can be: a base, and what a tree lays over it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from coursegate.commands.proof.workshop import copy_backend

TREES = Path(__file__).parent / "trees"
# Django and little else: enough for a tree that does not come so far as to answer.
SMALL = TREES / "small-base"
_APPENDED = ".append"


@dataclass(frozen=True)
class Nasty:
    """One nasty target.

    Attributes:
        rung: the first rung that fails.
        cause: how its first cause begins; between ellipses, what else it says.
        answers: whether it is the reference backend with the fault laid over it, instead of the small tree.
        without: what is taken out of it, as a glob.
    """

    name: str
    rung: str
    cause: str
    answers: bool = False
    without: str = ""

    def grow(self, folder: Path) -> Path:
        """Make the tree below a folder. Returns where it stands."""
        root = copy_backend(folder) if self.answers else folder / self.name
        if not self.answers:
            shutil.copytree(SMALL, root)
        for path in sorted(root.glob(self.without)) if self.without else ():
            shutil.rmtree(path)
        for file in sorted((TREES / self.name).rglob("*")):
            if file.is_file():
                _lay(file, root / file.relative_to(TREES / self.name))
        return root


def _lay(file: Path, place: Path) -> None:
    """One file over the tree: in its place or, where its name says so, at the end of what stands there."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == _APPENDED:
        place = place.with_suffix("")
        text = place.read_text(encoding="utf-8") + text
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def fingerprint(root: Path) -> dict[str, str]:
    """Every file and folder of a tree, with a digest of what it holds."""
    return {
        str(path.relative_to(root)): hashlib.blake2s(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(root.rglob("*"))
    }
