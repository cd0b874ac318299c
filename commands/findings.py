"""`coursegate findings`: what the audit asks for - all of it, file by file, or one finding with its checks and its proof."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Mapping

from coursegate.commands.declared import Declared, declared_checks
from coursegate.commands.proof.defects import Defect, patches
from coursegate.contracts.contract import load_contract
from coursegate.contracts.findings import Finding, files_of, find

_WIDTH = 110
# Of the rows of the table that a finding promises, so many are named; the rest is counted.
MOST_CHECKS = 12


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("finding", metavar="ID", nargs="?", help="explain one, such as SER-02")
    command.add_argument("--by-file", action="store_true", help="what must be modified, file by file")
    command.add_argument("--markdown", action="store_true", help="with --by-file: as a page of Markdown")


def answer(said: argparse.Namespace) -> int:
    """Print what was asked for.

    Raises:
        NoSuchFinding: the id is none of the audit's.
    """
    contract = load_contract()
    findings = contract.findings
    if said.finding:
        lines = _explained(find(findings, said.finding), declared_checks(contract))
    elif said.by_file:
        lines = by_file_page(findings) if said.markdown else _by_file(findings)
    else:
        lines = (_line(finding) for finding in findings.values())
    for line in lines:
        print(line)
    return 0


def _line(finding: Finding) -> str:
    return f"{finding.id:<10} {finding.severity:<9} phase {finding.phase}  {finding.title}"


def _by_file(findings: Mapping[str, Finding]) -> Iterator[str]:
    for file, about in files_of(findings.values()).items():
        yield file
        for finding in about:
            yield f"  {_line(finding)}"
            yield from textwrap.wrap(
                finding.required, _WIDTH, initial_indent=" " * 13, subsequent_indent=" " * 13
            )
        yield ""


def by_file_page(findings: Mapping[str, Finding]) -> Iterator[str]:
    """The same as a page of Markdown: a table for each file."""
    yield "# Files to be modified"
    yield ""
    yield "What the audit asks for, file by file, the gravest finding first. Made by `make docs` from"
    yield "[contracts/findings.yaml](../contracts/findings.yaml); `coursegate findings ID` explains one of them."
    for file, about in files_of(findings.values()).items():
        yield ""
        yield f"## `{file}`"
        yield ""
        yield "| finding | severity | phase | what is wrong | what is required |"
        yield "|---|---|---|---|---|"
        for finding in about:
            texts = (finding.defect.replace("|", "\\|"), finding.required.replace("|", "\\|"))
            yield f"| {finding.id} | {finding.severity} | {finding.phase} | {texts[0]} | {texts[1]} |"


def _explained(finding: Finding, checks: Mapping[str, Declared]) -> Iterator[str]:
    yield f"{finding.id}  {finding.title}"
    yield f"{finding.severity}, phase {finding.phase}, judged by {', '.join(finding.evidence)}"
    yield from _part("files", ", ".join(finding.files))
    for quote in finding.quotes:
        yield from _part("the audit says", f"“{quote}”  ({finding.reviews})")
    yield from _part("what is wrong", finding.defect)
    yield from _part("required", finding.required)
    yield from _part("must keep working", finding.compat)
    yield from _part("where the reviews differ", finding.resolution)
    yield from _part("note", finding.note)
    citing = [name for name, check in checks.items() if finding.id in check.sources]
    own = [name for name in citing if name.startswith(f"regression/{finding.id}/")]
    others = [name for name in citing if name not in own]
    yield from _listed("its checks", own)
    yield from _listed("other checks that cite it", others)
    seeded = [patch for patch in patches() if isinstance(patch, Defect) and patch.finding == finding.id]
    yield from _listed("its defects", [f"{patch.id}: {patch.says}" for patch in seeded])
    yield ""
    yield f"judge it: coursegate run --finding={finding.id} --target=PATH"
    yield f"prove it: coursegate prove {finding.id}"


def _part(title: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield title
        yield from textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _listed(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield ""
        yield title
        yield from (f"  {name}" for name in names[:MOST_CHECKS])
        if len(names) > MOST_CHECKS:
            yield f"  and {len(names) - MOST_CHECKS} more"
