"""What is said of common standards is true: whatever is named as judging something has checks that do."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.commands.coverage import checks_of, page
from coursegate.commands.declared import declared_checks
from coursegate.contracts.contract import FOLDER, Contract
from coursegate.contracts.reading import ContractError
from coursegate.contracts.standards import SUITE, load_standards
from coursegate.suites.rooms import SUITES


def test_what_judges_is_there(contract: Contract) -> None:
    """Each room that is named exists; each requirement that is judged has checks."""
    requirements = load_standards(FOLDER / "standards.yaml", contract.findings, contract.policies)
    checks = declared_checks(contract)

    for one in requirements:
        assert {name.removeprefix(SUITE) for name in one.by if name.startswith(SUITE)} <= set(SUITES)
        assert bool(checks_of(one, checks)) == bool(one.by), one.id


def test_top_ten_are_ten(contract: Contract) -> None:
    """Of the Top 10 each stands in the table once, judged or with the reason why not."""
    requirements = load_standards(FOLDER / "standards.yaml", contract.findings, contract.policies)

    assert [one.id for one in requirements if "Top 10" in one.standard] == [
        f"API{number}" for number in range(1, 11)
    ]


def test_page_is_up_to_date(contract: Contract) -> None:
    """docs/standards.md names what the contract names; how many checks that are changes with every check."""
    requirements = load_standards(FOLDER / "standards.yaml", contract.findings, contract.policies)
    written = (FOLDER.parent / "docs" / "standards.md").read_text(encoding="utf-8")

    for line in "\n".join(page(requirements, {})).splitlines():
        assert line.rpartition("|  |")[0] in written


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{title: x, by: [SER-99]}", "'SER-99' is no finding, no policy and no suite"),
        ("{title: x, by: []}", "is judged by something, or says why it is not"),
        ("{title: x, by: [SER-02], why: y}", "is judged by something, or says why it is not"),
    ],
)
def test_wrong_entry_is_refused(contract: Contract, tmp_path: Path, entry: str, complaint: str) -> None:
    """What nobody judges says why; what judges exists."""
    file = tmp_path / "standards.yaml"
    file.write_text(f"standards:\n  S:\n    A: {entry}\n")

    with pytest.raises(ContractError, match=complaint):
        load_standards(file, contract.findings, contract.policies)
