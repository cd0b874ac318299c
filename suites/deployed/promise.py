"""What a check of this room is: a function that is given the stage and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursegate.harness.checks import Check, name_of, sentence_of
from coursegate.harness.verdicts import Kind

if TYPE_CHECKING:
    from coursegate.suites.deployed.stage import Stage

Look = Callable[["Stage"], Iterable[str]]


@dataclass(frozen=True)
class DeployedCheck(Check):
    """One promise; `look` yields what is wrong."""

    look: Look
    kind: Kind


MARKED: list[DeployedCheck] = []


def promised(
    *findings: str, operation: str = "", principal: str = "", kind: Kind = Kind.EFFECT
) -> Callable[[Look], Look]:
    """Mark a function as a check; its docstring is what the report says is expected."""

    def mark(look: Look) -> Look:
        MARKED.append(
            DeployedCheck(
                id=f"deployed/{findings[0].replace(' ', '-')}/{name_of(look)}",
                operation=operation,
                principal=principal,
                subject=findings[0],
                expected=sentence_of(look),
                sources=findings,
                look=look,
                kind=kind,
            )
        )
        return look

    return mark


def checks_of(marked: Sequence[DeployedCheck]) -> list[DeployedCheck]:
    return list({check.id: check for check in marked}.values())
