"""What a backend says in words is found in its documents, in its repository's, and beside its code; not in its code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from coursegate.harness.probing.prose import documents_of, remarks_of


@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        ('class A:\n    def old(self):\n        """Former name of new."""', True),
        ("# once called\n# old\nnew = 1", True),
        ("class A:\n    # Now called new.\n    @property\n    def old(self): ...", True),
        ("old = new", False),
        ("# about something else\nx = 1\nold = new", False),
    ],
)
def test_a_remark_is_no_code(code: str, is_said: bool) -> None:
    """Docstrings and comments count, with the name of what they are about."""
    remarks = list(remarks_of(ast.parse(code), code))

    assert any("old" in remark and "new" in remark for remark in remarks) is is_said


def test_documents_of_the_repository_are_read(tmp_path: Path) -> None:
    """A change that the repository's own list of changes tells is told; what libraries say is not read."""
    target = tmp_path / "repository" / "backend"
    (target / "node_modules").mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    for path, text in {
        target / "README.md": "own",
        target / "node_modules" / "README.md": "of a library",
        target.parent / "CHANGELOG.md": "of the repository",
        target.parent / "notes.md": "of somebody",
        tmp_path / "README.md": "of another project",
    }.items():
        path.write_text(text, encoding="utf-8")

    assert list(documents_of(target)) == ["own", "of the repository"]
