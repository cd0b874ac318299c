"""The project's own contract with more of everything that a shop has many of."""

from __future__ import annotations

import shutil
from pathlib import Path

from coursegate.contracts.contract import FOLDER

_MORE = """
  grown-course: {like: course-open, repeat: 3, grows: true}
  grown-module: {like: module-open, repeat: 3, grows: true, fields: {course: "@grown-course-#"}}
  grown-lesson: {like: lesson-guest, repeat: 6, grows: true, fields: {module: "@grown-module-#"}}
  grown-premium-lesson: {like: lesson-premium, repeat: 6, grows: true, fields: {module: "@grown-module-#", order: 300}}
"""


def growing_contract(folder: Path) -> Path:
    """A copy of the contract files, with courses, modules and lessons that grow."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    copy = Path(shutil.copytree(FOLDER, folder / "contracts", ignore=ignored))
    with (copy / "world.yaml").open("a", encoding="utf-8") as world:
        world.write(_MORE)
    return copy
