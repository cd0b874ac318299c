"""The audit, the checks and the seeded defects speak of one another: nothing is asked for without a check and a proof.

`PENDING` names what is being worked on; a finding that is complete may not stand in it.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from coursegate.commands.declared import Declared, declared_checks
from coursegate.commands.proof.defects import Defect, patches
from coursegate.contracts.contract import load_contract
from coursegate.contracts.findings import Finding

FINDINGS = load_contract().findings
# What a backend is judged by; what is asked of the gate itself its own tests prove.
JUDGED = {name: finding for name, finding in FINDINGS.items() if not finding.is_of_the_gate}
PENDING: frozenset[str] = frozenset()
POLICY = re.compile(r"policy ([1-9]|1[0-2])")
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


def _lacks(finding: Finding) -> list[str]:
    """What a finding has not got yet."""
    has = {
        "a check of its own": _own_checks(finding.id),
        "a defect that its own checks notice": _own_proofs(finding.id),
        "the audit's own words": finding.quotes,
    }
    return [what for what, found in has.items() if not found]


@pytest.mark.parametrize("name", sorted(set(JUDGED) - PENDING))
def test_finding_is_complete(name: str) -> None:
    """A finding has a check that cites it first, a defect that this check notices, and the audit's words."""
    assert _lacks(FINDINGS[name]) == []


def test_nothing_complete_is_pending() -> None:
    """What is listed as being worked on is a finding, and is not complete yet."""
    assert [name for name in sorted(PENDING) if name not in JUDGED or not _lacks(FINDINGS[name])] == []


@pytest.mark.parametrize("name", FINDINGS)
def test_quotes_are_short(name: str) -> None:
    """A quote of the audit is one line that can be read at a glance."""
    quotes = FINDINGS[name].quotes

    assert [quote for quote in quotes if not quote.strip() or len(quote) > LONGEST_QUOTE] == []
    assert len(set(quotes)) == len(quotes)


def test_checks_cite_what_exists() -> None:
    """Whatever a check cites is a finding of the audit or a policy of the contract; only routes cite none."""
    strange = {
        check: [source for source in said.sources if source not in FINDINGS and not POLICY.fullmatch(source)]
        for check, said in _checks().items()
    }
    silent = [check for check, said in _checks().items() if not said.sources]

    assert {check: sources for check, sources in strange.items() if sources} == {}
    assert [check for check in silent if not check.startswith("inventory/routes/")] == []


def test_defects_name_findings_that_exist() -> None:
    """A defect brings back a finding of the audit that a backend is judged by, or none."""
    assert {
        defect.id for defect in _defects().values() if defect.finding and defect.finding not in JUDGED
    } == set()


@pytest.mark.parametrize(
    ("finding", "proof"),
    [
        ("ARCH-06", "tests/gate/test_findings.py::test_later_phases_do_not_block"),
        ("TEST-02", "tests/gate/test_proof.py"),
    ],
)
def test_demands_on_the_gate_are_those_with_a_test(finding: str, proof: str) -> None:
    """What the audit asks of the gate itself is proved by a test of the gate that exists."""
    from coursegate.commands.run_options import ROOT

    file, _, function = proof.partition("::")
    assert FINDINGS[finding].is_of_the_gate
    assert f"def {function or 'test_'}" in (ROOT / file).read_text(encoding="utf-8")
