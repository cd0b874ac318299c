"""What stands outside the judgement says so with a reason; every operation is asked by a row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursegate.contracts.contract import FOLDER, load_contract
from coursegate.contracts.outside import load_outside
from coursegate.contracts.reading import ContractError


def _outside(folder: Path, text: str) -> Path:
    path = folder / "outside.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_pattern_covers_what_stands_below_it(tmp_path: Path) -> None:
    """A pattern with a star covers everything below; without one, only that path."""
    below, alone = load_outside(_outside(tmp_path, "routes:\n  /api/docs*: a page\n  /api/: a list\n"))

    assert below.covers("/api/docs/")
    assert below.covers("/api/docs/{page}/")
    assert alone.covers("/api/")
    assert not alone.covers("/api/courses/")


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("/api/docs*: ''", "gives no reason"),
        ("api/docs*: a page", "is no path"),
        ("/api/: a\n  /api/: b", "stands twice"),
    ],
)
def test_senseless_entry_is_refused(tmp_path: Path, entry: str, complaint: str) -> None:
    """An entry without a reason, without a path, or a second time is refused with its line."""
    with pytest.raises(ContractError, match=complaint) as refusal:
        load_outside(_outside(tmp_path, f"routes:\n  {entry}\n"))

    assert refusal.value.line > 1


def test_operation_that_no_row_asks_is_refused(tmp_path: Path) -> None:
    """An operation without a row in the access table would be judged by nobody: the contract is refused."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    folder = Path(shutil.copytree(FOLDER, tmp_path / "contracts", ignore=ignored))
    with (folder / "openapi.yaml").open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        unasked = "  /api/unasked/:\n    get: {operationId: unasked.list, responses: {}}\n"
        file.write(text.replace("\npaths:\n", f"\npaths:\n{unasked}", 1))

    with pytest.raises(ContractError, match=r"no row asks unasked\.list of openapi\.yaml"):
        load_contract(folder)
