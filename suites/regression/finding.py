"""How a regression check is written: a function that takes a probe and asserts, marked with the finding it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from coursegate.harness.checks import Check, name_of, sentence_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind

Function = Callable[..., None]
SECONDS_PER_CHECK = 60.0


class Needs(StrEnum):
    """What a check needs of a target."""

    SOURCE = "source"  # its files, or a fresh interpreter: judged although it does not start
    DJANGO = "django"  # its code in this process
    HTTP = "http"  # nothing but its answers: judged over HTTP, too


@dataclass(frozen=True)
class RegressionCheck(Check):
    """One assertion about a finding.

    Attributes:
        kind: what sort of failure it is.
        writes: whether it leaves something behind that must be undone.
        commits: whether what it writes must be committed, as a backend that caches outside transactions expects.
        seconds: how long it may take.
        given: the case it is asked for, by the names of its parameters.
    """

    function: Function
    needs: Needs
    kind: Kind
    writes: bool
    commits: bool
    seconds: float
    given: Mapping[str, Any]

    def run(self, on: Probe) -> None:
        self.function(on, **self.given)


@dataclass(frozen=True)
class Marked:
    """A function with the findings it is about, before it is made into checks."""

    function: Function
    findings: tuple[str, ...]
    needs: Needs
    kind: Kind
    writes: bool
    commits: bool
    seconds: float
    cases: Mapping[str, Mapping[str, Any]]


# In the order in which the files are read and the functions stand in them.
MARKED: list[Marked] = []


def finding(
    *ids: str,
    needs: str = Needs.DJANGO,
    kind: Kind = Kind.FORM,
    writes: bool = False,
    commits: bool = False,
    seconds: float = SECONDS_PER_CHECK,
    cases: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Function], Function]:
    """Mark a function as the check of a finding; its docstring is what the report says it expects.

    Args:
        ids: the finding it is about first, or the policy (`policy 7`), then others it shows as well.
        needs: source, django or http.
        writes: it writes; over HTTP it is asked only where that can be undone. Implied by `commits`.
        seconds: how long it may take before it counts as hanging.
        cases: name -> keyword arguments of one case each; without, there is one case.
    """

    def mark(function: Function) -> Function:
        MARKED.append(
            Marked(function, ids, Needs(needs), kind, writes or commits, commits, seconds, cases or {"": {}})
        )
        return function

    return mark


def checks_of(marked: Sequence[Marked]) -> list[RegressionCheck]:
    """One check per case, its id made of finding, function and case.

    Raises:
        ValueError: two would have the same id.
    """
    found: dict[str, RegressionCheck] = {}
    for item in marked:
        for case, given in item.cases.items():
            check = _check(item, case, given)
            if check.id in found:
                raise ValueError(f"two regression checks are called {check.id}")
            found[check.id] = check
    return list(found.values())


def _check(item: Marked, case: str, given: Mapping[str, Any]) -> RegressionCheck:
    about = item.findings[0].replace(" ", "-")
    return RegressionCheck(
        id=f"regression/{about}/{name_of(item.function)}" + (f"/{case}" if case else ""),
        operation="",
        principal="",
        subject=item.findings[0] + (f" {case}" if case else ""),
        expected=sentence_of(item.function),
        sources=item.findings,
        function=item.function,
        needs=item.needs,
        kind=item.kind,
        writes=item.writes,
        commits=item.commits,
        seconds=item.seconds,
        given=given,
    )
