"""What makes a race: two or more actions at once, and what must be so afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from coursegate.harness.checks import Check, name_of, sentence_of

if TYPE_CHECKING:
    from coursegate.suites.concurrency.arena import Arena

# Something that one thread does: a request, or a row that is written through the backend's own models.
Action = Callable[[], Any]
Verify = Callable[[Sequence[Any]], Iterable[str]]


class Proof(StrEnum):
    """How a race is run.

    EVERY_ORDER: the first action stands still after each of its statements in turn, while the second one runs.
    AT_ONCE: all of them set out at the same moment.
    EVERY_STEP: the same after each operation of a cache, too.
    EVERY_LINE: the same after each line of the backend's own code, for what is not in the database.
    EVERY_KEY: the first one stands still after each operation of a cache in turn, until the second one is at work.
    EXPIRED: the caches are emptied while the first one works, as though its lock had expired; the second one starts, and
        while that one works, when the first has ended, the third.
    LOCKED: the first one stands still after its locking statement, and somebody else asks for the row.
    """

    EVERY_ORDER = "in-every-order"
    EVERY_STEP = "at-every-step"
    EVERY_LINE = "at-every-line"
    EVERY_KEY = "at-every-key"
    EXPIRED = "past-its-lock"
    AT_ONCE = "at-once"
    LOCKED = "locked"


@dataclass(frozen=True)
class Scene:
    """One race, set up in the world.

    Attributes:
        actions: the first two are run in every order, three past a lock, all of them at once.
        verify: given what they gave, in their order, says what is wrong now.
        standing: what is wrong is only asked for while the first one stands; that it never does is wrong, too.
        row: table and key of the row that the first one must lock, for the proof that it does.
    """

    actions: Sequence[Action]
    verify: Verify = lambda _given: ()
    row: tuple[str, Any] | None = None
    standing: bool = False


Setting = Callable[..., Scene]


@dataclass(frozen=True)
class RaceCheck(Check):
    """One proof of one race.

    Attributes:
        watched: models; the first action stands still after statements about their tables.
    """

    setting: Setting
    given: Mapping[str, Any]
    proof: Proof
    watched: tuple[str, ...]

    def scene(self, arena: Arena) -> Scene:
        return self.setting(arena, **self.given)


@dataclass(frozen=True)
class _Marked:
    setting: Setting
    findings: tuple[str, ...]
    operation: str
    watched: tuple[str, ...]
    proofs: tuple[Proof, ...]
    cases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


MARKED: list[_Marked] = []
BOTH = (Proof.EVERY_ORDER, Proof.AT_ONCE)


def race(
    *findings: str,
    watched: Sequence[str],
    operation: str = "",
    proofs: Sequence[Proof] = BOTH,
    cases: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Setting], Setting]:
    """Mark a function that sets up a race; its docstring is what the report says is expected.

    Args:
        findings: the finding that it is about, and policies.
        watched: models such as `courses.Enrollment`.
        operation: of the contract; where the target lacks it, there is nothing to ask.
        cases: name -> keyword arguments of one race each.
    """

    def mark(setting: Setting) -> Setting:
        MARKED.append(_Marked(setting, findings, operation, tuple(watched), tuple(proofs), cases or {"": {}}))
        return setting

    return mark


def checks_of(marked: Iterable[_Marked]) -> list[RaceCheck]:
    """A check for each case and proof; its id is made of finding, function, case and proof."""
    return [
        RaceCheck(
            id="/".join(
                filter(
                    None,
                    ("concurrency", item.findings[0].replace(" ", "-"), name_of(item.setting), case, proof),
                )
            ),
            operation=item.operation,
            principal="",
            subject=f"{item.findings[0]} {case}".rstrip(),
            expected=sentence_of(item.setting),
            sources=item.findings,
            setting=item.setting,
            given=given,
            proof=proof,
            watched=item.watched,
        )
        for item in marked
        for case, given in item.cases.items()
        for proof in item.proofs
    ]
