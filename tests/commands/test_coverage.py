"""The audit, the checks and the seeded defects speak of one another: nothing is asked for without a check and a proof."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache

import pytest

from coursegate.commands.declared import Declared, declared_checks
from coursegate.commands.places import ROOT
from coursegate.commands.proof.defects import Defect, patches
from coursegate.contracts.contract import load_contract
from coursegate.suites.rooms import ROOMS

FINDINGS = load_contract().findings
POLICIES = load_contract().policies
# What a backend is judged by; what is asked of the gate itself its own tests prove.
JUDGED = {name: finding for name, finding in FINDINGS.items() if not finding.is_of_the_gate}
LONGEST_QUOTE = 160


@cache
def _checks() -> dict[str, Declared]:
    return dict(declared_checks(load_contract()))


@cache
def _defects() -> dict[str, Defect]:
    return {patch.id: patch for patch in patches() if isinstance(patch, Defect)}


def _own_checks(name: str) -> list[str]:
    return [
        check
        for check, said in _checks().items()
        if check.startswith("regression/") and said.sources[:1] == (name,)
    ]


def _own_proofs(name: str) -> list[str]:
    """The defects that bring a finding back and are noticed by its own checks."""
    return [
        defect.id
        for defect in _defects().values()
        if defect.finding == name and any(red.startswith(f"regression/{name}") for red in defect.red)
    ]


@pytest.mark.parametrize("name", JUDGED)
def test_finding_is_complete(name: str) -> None:
    """A finding has a check that cites it first, a defect that this check notices, and the audit's words."""
    assert _own_checks(name), "no check cites it first"
    assert _own_proofs(name), "no defect brings it back and is noticed by its own checks"
    assert FINDINGS[name].quotes, "the audit's own words are missing"


@pytest.mark.parametrize("name", FINDINGS)
def test_quotes_are_short(name: str) -> None:
    """A quote of the audit is one line that can be read at a glance."""
    quotes = FINDINGS[name].quotes

    assert [quote for quote in quotes if not quote.strip() or len(quote) > LONGEST_QUOTE] == []
    assert len(set(quotes)) == len(quotes)


def test_checks_cite_what_exists() -> None:
    """Whatever a check cites is a finding of the audit or a policy of the contract; only routes cite none."""
    strange = {
        check: [source for source in said.sources if source not in FINDINGS and source not in POLICIES]
        for check, said in _checks().items()
    }
    silent = [check for check, said in _checks().items() if not said.sources]

    assert {check: sources for check, sources in strange.items() if sources} == {}
    assert [check for check in silent if not check.startswith("inventory/routes/")] == []


def test_ids_are_unique() -> None:
    """No two checks of all rooms are called the same."""
    contract = load_contract()
    names = Counter(check.id for room in ROOMS.values() for check in room.checks(contract))

    assert [name for name, times in names.items() if times > 1] == []


def test_defects_name_findings_that_exist() -> None:
    """A defect brings back a finding of the audit that a backend is judged by, or none."""
    assert {
        defect.id for defect in _defects().values() if defect.finding and defect.finding not in JUDGED
    } == set()


# What the audit asks of the gate itself, and the test that proves it.
OF_THE_GATE = {
    "ARCH-06": "tests/gate/test_findings.py::test_later_phases_do_not_block",
    "TEST-02": "tests/gate/test_proof.py::test_every_defect_is_noticed",
}


def test_demands_on_the_gate_have_a_test() -> None:
    """What the audit asks of the gate itself is proved by a test of the gate that exists."""
    assert set(OF_THE_GATE) == set(FINDINGS) - set(JUDGED)

    missing = []
    for proof in OF_THE_GATE.values():
        file, _, function = proof.partition("::")
        tree = ast.parse((ROOT / file).read_bytes())
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        missing += [] if function in names else [proof]
    assert missing == []
