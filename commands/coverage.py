"""`coursegate coverage`: which requirements of common standards are judged, by what and by how many checks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence

from coursegate.commands.declared import Declared, declared_checks
from coursegate.contracts.contract import FOLDER, load_contract
from coursegate.contracts.standards import SUITE, Requirement, load_standards

HEAD = """\
# What of common standards is judged

Which requirements the gate judges, by which promises, and by how many checks of a run of everything. A requirement that
is listed is not thereby fulfilled: the checks judge what they ask, on the operations of the contract. Made by `make docs`
from [contracts/standards.yaml](../contracts/standards.yaml)."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--markdown", action="store_true", help="as a page of Markdown")


def answer(said: argparse.Namespace) -> int:
    """Print the table. Returns 0."""
    contract = load_contract()
    requirements = load_standards(FOLDER / "standards.yaml", contract.findings, contract.policies)
    checks = declared_checks(contract)
    for line in page(requirements, checks) if said.markdown else _lines(requirements, checks):
        print(line)
    return 0


def checks_of(requirement: Requirement, checks: Mapping[str, Declared]) -> set[str]:
    """The ids of the checks that judge a requirement."""
    suites = {name.removeprefix(SUITE) for name in requirement.by if name.startswith(SUITE)}
    cited = set(requirement.by)
    return {
        name
        for name, check in checks.items()
        if name.partition("/")[0] in suites or not cited.isdisjoint(check.sources)
    }


def _lines(requirements: Sequence[Requirement], checks: Mapping[str, Declared]) -> Iterator[str]:
    for one in requirements:
        told = (
            f"{len(checks_of(one, checks)):>5} checks  {', '.join(one.by)}" if one.by else f"    - {one.why}"
        )
        yield f"{one.id:<8} {one.title:<62} {told}"


def page(requirements: Sequence[Requirement], checks: Mapping[str, Declared]) -> Iterator[str]:
    """The same as a page: a table for each standard."""
    yield HEAD
    for standard in dict.fromkeys(one.standard for one in requirements):
        yield f"\n## {standard}\n"
        yield "| requirement | | judged by | checks |"
        yield "|---|---|---|---:|"
        for one in (one for one in requirements if one.standard == standard):
            judged = ", ".join(one.by) or f"not judged: {one.why}"
            yield f"| {one.id} | {one.title} | {judged} | {len(checks_of(one, checks)) or ''} |"
