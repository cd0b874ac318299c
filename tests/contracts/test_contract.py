"""The project's own contract loads, and each way of spoiling it is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from coursegate.contracts.contract import FOLDER, load_contract
from coursegate.contracts.reading import ContractError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's own contract, to be spoiled."""
    return Path(
        shutil.copytree(FOLDER, tmp_path / "contracts", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    )


def _replace(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence. Returns the line it stood in."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} no longer says {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_own_contract_is_complete() -> None:
    """Every row has a cell for every principal, and every refusal an allowed twin."""
    contract = load_contract()

    cells = contract.access.cells.values()
    assert len(cells) == len({cell.row for cell in cells}) * len(contract.world.principals)
    assert all(cell.allows or contract.access.cells[cell.twin].allows for cell in cells)


def test_own_openapi_document_is_valid() -> None:
    """openapi.yaml is a valid OpenAPI 3.1 document."""
    validate(yaml.safe_load((FOLDER / "openapi.yaml").read_text(encoding="utf-8")))


def test_every_id_is_made_of_its_content() -> None:
    """A cell's id says operation, subject and principal, so it survives any reordering of the table."""
    for cell in load_contract().access.cells.values():
        subject = f"{cell.subject} with {cell.variant}" if cell.variant else cell.subject
        assert cell.id == f"{cell.operation}/{subject.replace(' ', '-')}/{cell.principal}"


SPOILED = {
    "unknown-outcome": ("access.yaml", "[full, ", "[fulll, ", "'fulll' is no outcome"),
    "unknown-operation": (
        "access.yaml",
        "lessons.retrieve:",
        "lessons.fetch:",
        "no operation of openapi.yaml is called",
    ),
    "unknown-subject": (
        "access.yaml",
        "lesson-guest:",
        "lesson-guets:",
        "no object of world.yaml is called 'lesson-guets'",
    ),
    "numberless-policy": ("policies.yaml", "  12:", "  twelve:", "'twelve' is no number of a policy"),
    "unsaid-policy": ("policies.yaml", "    says: >-", "    thinks: >-", "missing says"),
    "unknown-source": ("access.yaml", "policy 11", "policy 99", "neither a finding"),
    "unknown-source-of-a-change": ("standing.yaml", "policy 1]", "policy 99]", "neither a finding"),
    "unknown-example": ("access.yaml", "with read-only:", "with nothing:", "has no example 'nothing'"),
    "column-order": (
        "access.yaml",
        "columns:",
        "columns: [guest]  #",
        "the columns must be the principals",
    ),
    "unknown-principal": (
        "world.yaml",
        "[owner, assistant, staff]",
        "[owner, asistant, staff]",
        "no principal is called",
    ),
    "unknown-audience": (
        "world.yaml",
        "opens: signed-in\n",
        "opens: signed\n",
        "no audience is called 'signed'",
    ),
    "unknown-parent": (
        "world.yaml",
        '"@category-open"',
        '"@category-opne"',
        "no earlier object is called 'category-opne'",
    ),
    "unknown-likeness": (
        "world.yaml",
        "like: course-open",
        "like: course-opne",
        "no earlier object is called 'course-opne'",
    ),
    "unknown-key": ("world.yaml", "exists: staff", "exist: staff", "unknown key 'exist'"),
    "unknown-operation-declassified": (
        "declassified.yaml",
        "operations: [certificates.verify]",
        "operations: [certificates.verfy]",
        "no operation is called 'certificates.verfy'",
    ),
    "unknown-object-declassified": (
        "declassified.yaml",
        "objects: [course-peer, course-withdrawn, course-open]",
        "objects: [course-gone]",
        "no object of the world is called 'course-gone'",
    ),
    "unknown-caller-declassified": (
        "declassified.yaml",
        "to: [registered]",
        "to: [visitor]",
        "no principal is called 'visitor'",
    ),
    "open-key-declassified": (
        "declassified.yaml",
        "keys: [revenue_share_percentage]",
        "keys: [revenue]",
        "'revenue' is not closed anywhere",
    ),
    "flow-of-nothing": (
        "declassified.yaml",
        "operations: [courses., ",
        "operations: [coarses., ",
        "no operation starts with 'coarses.'",
    ),
    "path-nobody-describes": (
        "compat.yaml",
        "courses:search: /api/search/",
        "courses:search: /api/serach/",
        "which openapi.yaml does not describe",
    ),
    "keys-of-no-operation": ("compat.yaml", "search.list:", "search.lst:", "is called 'search.lst'"),
    "row-keys-of-no-operation": (
        "compat.yaml",
        "lessons.list: {results",
        "lessons.lst: {results",
        "is called 'lessons.lst'",
    ),
    "unknown-area": ("openapi.yaml", "x-area: drafts", "x-area: drafted", "x-area must be one of"),
    "unknown-twin": (
        "access.yaml",
        "twin: token.obtain/registered/guest",
        "twin: token.obtain/registered/gest",
        "is no allowed cell",
    ),
    "not-3.1": ("openapi.yaml", "openapi: 3.1.0", "openapi: 2.0.0", "expected OpenAPI 3.1"),
    "operation-twice": (
        "openapi.yaml",
        "operationId: courses.list",
        "operationId: lessons.list",
        "stands twice",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "complaint"), SPOILED.values(), ids=SPOILED.keys())
def test_spoiled_contract_is_refused(folder: Path, file: str, old: str, new: str, complaint: str) -> None:
    """A contract with one wrong word is refused, with the file and a line."""
    _replace(folder / file, old, new)

    with pytest.raises(ContractError, match=re.escape(complaint)) as refusal:
        load_contract(folder)

    assert refusal.value.line > 0


def test_row_that_stands_twice_is_refused(folder: Path) -> None:
    """The same row written twice is refused instead of one of them winning."""
    row = next(
        line for line in (folder / "access.yaml").read_text().splitlines() if "lesson-premium:" in line
    )
    _replace(folder / "access.yaml", row, f"{row}\n{row}")

    with pytest.raises(ContractError, match="'lesson-premium' stands twice"):
        load_contract(folder)


def test_cell_that_contradicts_the_world_is_refused(folder: Path) -> None:
    """A table that opens a lesson to a guest for whom world.yaml closes it is refused: one of the two is wrong."""
    row = next(
        line for line in (folder / "access.yaml").read_text().splitlines() if "lesson-premium:" in line
    )
    line = _replace(folder / "access.yaml", row, row.replace("[locked,", "[full,", 1))

    with pytest.raises(
        ContractError, match="says full, but lesson-premium does not open for guest"
    ) as refusal:
        load_contract(folder)

    assert refusal.value.line == line


def test_declassified_row_may_be_promised_whole(folder: Path) -> None:
    """A certificate is closed to guests, but may be promised to whoever asks by its number: declassified.yaml says so."""
    path = folder / "declassified.yaml"
    _replace(path, "courses.Certificate, ", "")

    with pytest.raises(ContractError, match="certificate-registered does not open for guest"):
        load_contract(folder)


def test_who_must_be_let_in_is_the_control() -> None:
    """Of a row's cells the control is one that must be allowed, before one that only may be."""
    cells = load_contract().access.cells

    assert cells["subscription.cancel/self/guest"].twin == "subscription.cancel/self/premium"


def test_row_without_an_allowed_cell_is_refused(folder: Path) -> None:
    """A row in which nobody is allowed proves nothing, so it has to name the cell that does."""
    row = next(line for line in (folder / "access.yaml").read_text().splitlines() if "course-peer:" in line)
    _replace(folder / "access.yaml", row, row.replace("done", "denied"))

    with pytest.raises(ContractError, match="nobody is allowed in this row"):
        load_contract(folder)


def test_every_policy_that_is_cited_is_said() -> None:
    """Whatever number a row cites, policies.yaml has its words."""
    contract = load_contract()

    cited = {source for cell in contract.access.cells.values() for source in cell.sources}
    cited |= {source for change in contract.standing for source in change.sources}
    assert {source for source in cited if source.startswith("policy")} <= contract.policies.keys()
