"""What a team says of its backend is read, held against the contract, and can weaken nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.agreement import agreement_in, load_agreement
from coursegate.contracts.contract import Contract, load_contract
from coursegate.contracts.reading import ContractError
from coursegate.harness.targets.naming import naming_of
from coursegate.tests.contracts.agreeing import agreed

SAID = """
[target]
settings = "shop.settings.live"
prefix = "/v2/api/"

[routes]
"lessons.retrieve" = "/v2/api/units/{id}/"

[unsupported]
"reviews.*" = "reviews are sold by a partner"

[gate]
waivers = "quality/waivers.yaml"
allow-not-assessed = ["throttled"]
"""
API = """
openapi: 3.1.0
paths:
  /api/branding/:
    get:
      operationId: branding.retrieve
      responses: {"200": {description: how the shop looks}}
"""
ROWS = """
columns: [COLUMNS]
rows:
  branding.retrieve:
    nothing: {cells: [CELLS], source: [policy 3]}
"""


def _toml(folder: Path, text: str = SAID) -> Path:
    path = folder / "coursegate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_translated_both_ways(tmp_path: Path) -> None:
    """A renamed route and a prefix lead from the contract to the backend, and from its routes back."""
    naming = naming_of(load_agreement(_toml(tmp_path)), load_contract().api)

    assert naming.own("/api/lessons/7/?page=2") == "/v2/api/units/7/?page=2"
    assert naming.own("/api/courses/") == "/v2/api/courses/"
    assert naming.own("/v2/api/courses/?page=2") == "/v2/api/courses/?page=2"
    assert naming.of_contract("/v2/api/units/{unit_id}/") == "/api/lessons/{pk}/"
    assert naming.of_contract("/v2/api/courses/") == "/api/courses/"
    assert naming.of_contract("/api/courses/") == ""


def test_file_of_the_repository_is_found_from_a_folder_below(tmp_path: Path) -> None:
    """The file may stand where the repository begins; one above that is somebody else's."""
    inner = tmp_path / "repository" / "backend"
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    inner.mkdir()
    _toml(tmp_path)
    assert agreement_in(inner).path is None

    _toml(tmp_path / "repository")
    assert agreement_in(inner).settings == "shop.settings.live"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[target", "cannot be read"),
        ("[targets]\n", "unknown table [targets]"),
        ("[target]\ncolour = 'red'\n", "unknown key 'colour'"),
        ("[target]\nprefix = 'api'\n", "must begin and end with a slash"),
        ("[unsupported]\n'reviews.*' = ''\n", "expected a text that says something"),
        ("[unsupported]\n'praise.*' = 'none'\n", "'praise.*' is no operation"),
        ("[routes]\n'lessons.retrieve' = '/units/'\n", "must have as many parameters"),
        ("[routes]\n'lessons.read' = '/units/'\n", "'lessons.read' is no operation"),
        ("[former]\napi-version = '2'\n", "must be three numbers, as 7.0.0"),
        ("[former]\ncertificate-numbers = 'EDU-1'\n", "expected a list of texts, [] for none"),
        ("[former]\ncertificate-numbers = ['EDU 1']\n", "'EDU 1' stands in no path"),
    ],
)
def test_senseless_word_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """What cannot be read, or speaks of what the contract does not have, is refused."""
    with pytest.raises(ContractError) as refused:
        load_agreement(_toml(tmp_path, text)).check(load_contract().api)

    assert complaint in str(refused.value)


def test_team_says_how_numbers_looked_once(tmp_path: Path) -> None:
    """What is said of former certificate numbers stands in the place of the contract's own, none at all included."""
    for said, numbers in (("['EDU-1']", ("EDU-1",)), ("[]", ())):
        agreement = load_agreement(_toml(tmp_path, f"[former]\ncertificate-numbers = {said}\n"))

        assert load_contract(agreement=agreement).compat.former_numbers == numbers
        assert agreement.described()["former_numbers"] == list(numbers)
    assert load_contract(agreement=load_agreement(_toml(tmp_path))).compat.former_numbers

    agreement = load_agreement(_toml(tmp_path, "[former]\napi-version = '2.3.0'\n"))
    assert load_contract(agreement=agreement).compat.former_version == "2.3.0"
    assert agreement.told_of_former == ["former version: 2.3.0"]


def _local(folder: Path, api: str, cells: str = "") -> Path:
    principals = load_contract().world.principals
    rows = ROWS.replace("COLUMNS", ", ".join(principals))
    rows = rows.replace("CELLS", cells or ", ".join(["full"] * len(principals)))
    (folder / "openapi.local.yaml").write_text(api, encoding="utf-8")
    (folder / "access.local.yaml").write_text(rows, encoding="utf-8")
    return folder


def _with_local(folder: Path) -> Contract:
    return agreed(folder, "[target]\n")


def test_team_adds_rows_for_its_own_operations(tmp_path: Path) -> None:
    """Own operations are asked beside those of the contract."""
    contract, plain = _with_local(_local(tmp_path, API)), load_contract()

    added = contract.access.cells.keys() - plain.access.cells.keys()
    assert added == {f"branding.retrieve/nothing/{who}" for who in plain.world.principals}
    assert plain.access.cells.items() <= contract.access.cells.items()


@pytest.mark.parametrize(
    ("api", "complaint"),
    [
        (API.replace("branding.retrieve", "courses.list"), "courses.list is an operation of the contract"),
        (API.replace("/api/branding/", "/api/courses/"), "GET /api/courses/ is courses.list of the contract"),
    ],
)
def test_team_says_nothing_about_the_contracts_own(tmp_path: Path, api: str, complaint: str) -> None:
    """An operation or route of the contract cannot be described, and so not asked, otherwise."""
    with pytest.raises(ContractError) as refused:
        _with_local(_local(tmp_path, api))

    assert complaint in str(refused.value)


def test_operation_without_rows_is_refused(tmp_path: Path) -> None:
    """A file of operations without one of rows is refused."""
    (_local(tmp_path, API) / "access.local.yaml").unlink()

    with pytest.raises(ContractError, match="belong together"):
        _with_local(tmp_path)


def _decided(folder: Path, policy: str) -> Contract:
    return agreed(folder, f"[policy]\n{policy}\n")


def test_switch_changes_its_cells_and_no_other(tmp_path: Path) -> None:
    """Under a switch its cells promise something else; every refusal keeps a control that is let in."""
    plain, contract = load_contract(), _decided(tmp_path, "course-deletion = 'cascade'")

    changed = {
        name
        for name, cell in contract.access.cells.items()
        if cell.outcomes != plain.access.cells[name].outcomes
    }
    rows = ("courses.destroy/course-open", "draft-courses.destroy/course-withdrawn")
    assert changed == {f"{row}/{who}" for row in rows for who in ("owner", "staff")}
    assert contract.access.cells["courses.destroy/course-open/owner"].expected == "done"


@pytest.mark.parametrize(
    "policy",
    [
        "course-creators = 'staff'",
        "course-deletion = 'staff'",
        "subscription-edits = 'refused'",
        "reviewers = 'anybody'",
    ],
)
def test_refusal_keeps_a_control_that_is_let_in(tmp_path: Path, policy: str) -> None:
    """Where a switch refuses those who were the controls of a row, somebody else becomes it."""
    cells = _decided(tmp_path, policy).access.cells

    assert all(cells[cell.twin].allows for cell in cells.values() if cell.twin)
    assert all(cell.twin for cell in cells.values() if not cell.allows)


def test_change_of_standing_may_be_switched_off(tmp_path: Path) -> None:
    """Where who cancels keeps what is paid for, cancelling takes nothing away."""
    plain, contract = load_contract(), _decided(tmp_path, "cancelled-subscriptions = 'keep-paid-time'")

    gone = {change.name for change in plain.standing} - {change.name for change in contract.standing}
    assert gone == {"cancellation"}


def test_effect_may_come_later(tmp_path: Path) -> None:
    """Where a downgrade waits for the end of what is paid for, its answer promises no tier, and may bring it."""
    plain, contract = load_contract(), _decided(tmp_path, "downgrades = 'keep-paid-time'")

    at_once, later = (one.api.operations["subscription.downgrade"] for one in (plain, contract))
    assert at_once.effect.keys() == later.touches - at_once.touches == {"tier"}
    assert not later.effect


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [("prices = 'low'", "'prices' is no switch"), ("course-deletion = 'never'", "it can be cascade, staff")],
)
def test_switch_that_there_is_not_is_refused(tmp_path: Path, policy: str, complaint: str) -> None:
    """A switch, or a position, of which `policy.yaml` says nothing is refused."""
    with pytest.raises(ContractError) as refused:
        _decided(tmp_path, policy)

    assert complaint in str(refused.value)
