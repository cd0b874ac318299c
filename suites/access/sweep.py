"""Asking the cells of the access table, each once, and keeping what was seen for whoever judges it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from coursegate.contracts.access import Cell
from coursegate.harness.asking import Observer
from coursegate.harness.client import CannotAsk, CannotAssess, Client, NotApplicable
from coursegate.harness.judging.conformance import conformance_of
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.verdict import by_gravity, is_throttled, judgement, problems_of
from coursegate.harness.observation import Exchange
from coursegate.harness.verdicts import THROTTLED, Judgement, Problem, Verdict
from coursegate.suites.access.lasting import LastingWrites


@dataclass
class Sweep:
    """The observations of one run. A row is swept when its first cell is asked for; a twin is judged once.

    Attributes:
        planned: the cells that the run asks; of a row only those are asked, and their twins.
        kept: ids of cells whose evidence is kept for whoever shows all of it.
        evidence: cell -> what was seen, until it is judged: a row of a large world is many pages.
        answered: cell -> the first answer of what was judged, the one that its report shows.
        unanswered: cell -> what is said of one that has no evidence (blocked, not to be judged on this target, or about what
            there cannot be), and why.
    """

    client: Client
    planned: Sequence[Cell] = ()
    kept: Collection[str] = ()
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    answered: dict[str, Exchange] = field(default_factory=dict)
    unanswered: dict[str, tuple[Verdict, str]] = field(default_factory=dict)
    own: dict[str, tuple[Verdict, list[Problem], str]] = field(default_factory=dict)

    @cached_property
    def observer(self) -> Observer:
        return Observer(self.client)

    @cached_property
    def lasting(self) -> LastingWrites:
        return LastingWrites(self.client)

    @cached_property
    def _planned(self) -> dict[str, Cell]:
        return self._with_twins(self.planned)

    def judge(self, cell: Cell) -> Judgement:
        """The verdict on a cell: its own, unless it is a refusal whose allowed twin is refused too."""
        verdict, problems, reason = self._own(cell)
        blocked_by = ""
        if verdict is Verdict.PASS and cell.twin:
            twin = self.client.contract.access.cells[cell.twin]
            twin_verdict, _, twin_reason = self._own(twin)
            if self._is_unassessed(twin):
                twin_verdict = self._another(twin) or twin_verdict
            if twin_verdict is not Verdict.PASS and not self._was_let_in(twin, cell):
                # What could not be judged on this target at all is no sign that anything is broken.
                verdict = Verdict.NOT_ASSESSED if self._is_unassessed(twin) else Verdict.BLOCKED
                if verdict is Verdict.NOT_ASSESSED:
                    reason = twin_reason
                else:
                    blocked_by = f"its allowed twin access/{cell.twin} fares no better"
                    reason = f"refused as promised, but {blocked_by}: {twin_reason}"
        return judgement(cell, self.answered.get(cell.id), verdict, problems, reason, blocked_by)

    def _another(self, twin: Cell) -> Verdict | None:
        """PASS where somebody else is let in on the same row, as the twin itself can no longer be asked."""
        row = self.client.contract.access.row(twin)
        others = (other for other in row if other.allows and self._own(other)[0] is Verdict.PASS)
        statuses = (self.answered[other.id].answer.status for other in others)
        return Verdict.PASS if any(status < 300 for status in statuses) else None

    def _was_let_in(self, twin: Cell, refused: Cell) -> bool:
        """Whether a twin that failed at least got where the refused one did not: it crashed inside, or it was
        answered where the other was not. A blanket refusal, or the same empty answer for everybody, is neither.
        """
        if twin.id not in self.answered:
            return False
        own, other = (self.answered[cell.id].answer.status for cell in (refused, twin))
        return (other >= 500 > own) or (other < 300 <= own)

    def _own(self, cell: Cell) -> tuple[Verdict, list[Problem], str]:
        if not self._is_asked(cell):
            self._ask_row(cell)
        if cell.id not in self.own:
            self.own[cell.id] = self._judge_alone(cell)
        return self.own[cell.id]

    def _judge_alone(self, cell: Cell) -> tuple[Verdict, list[Problem], str]:
        if cell.id in self.unanswered:
            verdict, reason = self.unanswered[cell.id]
            return verdict, [], reason
        seen = self.evidence[cell.id] if cell.id in self.kept else self.evidence.pop(cell.id)
        self.answered[cell.id] = seen[0].pages[0]
        if is_throttled([page for evidence in seen for page in evidence.pages]):
            return (
                Verdict.NOT_ASSESSED,
                [],
                f"{THROTTLED}: answered 429 before the rule under test could speak",
            )
        conformance = conformance_of(self.client.contract.api)
        pages = (page for evidence in seen for page in evidence.pages)
        strange = [problem for page in pages for problem in conformance.problems(page)]
        problems = by_gravity([*_problems(seen), *strange])
        verdict = Verdict.FAIL if problems else Verdict.PASS
        return verdict, problems, "; ".join(problem.text for problem in problems)

    def _ask_row(self, cell: Cell) -> None:
        """Ask what the run wants of a row: each principal with cold caches; reads once more, after those who may see more."""
        safe = self.client.contract.api.operations[cell.operation].is_safe
        if not safe and not self.client.target.abilities.undoes:
            self._ask_for_good(cell)
            return
        wanted = self._wanted(cell)
        for member in wanted:
            self.client.target.clear_caches()
            self._ask(member)
        if safe:
            self._ask_after_others(wanted)
        # Judged at once, so that no more than one row is ever held in full.
        for member in wanted:
            self._own(member)

    def _wanted(self, cell: Cell) -> list[Cell]:
        """The cells of its row that this run asks, and their twins: all of them, unless some were chosen."""
        chosen, row = self._chosen(cell), self.client.contract.access.row(cell)
        return [member for member in row if member.id in chosen and not self._is_asked(member)]

    def _chosen(self, cell: Cell) -> dict[str, Cell]:
        """What is planned, and this cell, with their twins, by id."""
        return self._planned | self._with_twins([cell])

    def _with_twins(self, cells: Sequence[Cell]) -> dict[str, Cell]:
        known = self.client.contract.access.cells
        twins = {cell.twin: known[cell.twin] for cell in cells if cell.twin}
        return {cell.id: cell for cell in cells} | twins

    def _ask_after_others(self, wanted: Sequence[Cell]) -> None:
        """Ask the row with warm caches, as far as somebody is wanted whose first answer was right: who comes later cannot
        change what they see, and what is wrong already needs no second asking.
        """
        answered = [member for member in wanted if member.id in self.evidence]
        right = [member for member in answered if not problems_of(self.evidence[member.id][0])]
        order = sorted(self.client.contract.access.row(wanted[0]), key=self._rank)
        last = max((order.index(member) for member in right), default=-1)
        self.client.target.clear_caches()
        asked: list[str] = []
        for member in order[: last + 1]:
            moment = f"after {', '.join(asked)}" if asked else ""
            if member in wanted:
                self._ask(member, moment)
            else:
                with suppress(CannotAsk, CannotAssess, NotApplicable):
                    self._observe(member, moment)
            asked.append(member.principal)

    def _is_asked(self, cell: Cell) -> bool:
        return any(cell.id in found for found in (self.evidence, self.answered, self.unanswered))

    def _is_unassessed(self, cell: Cell) -> bool:
        """Whether it could not be judged on this target; one that was throttled has been answered."""
        return cell.id in self.unanswered and self.unanswered[cell.id][0] is Verdict.NOT_ASSESSED

    def _ask_for_good(self, cell: Cell) -> None:
        """Ask every write of the run in an order that spoils least, as nothing is undone; reads come before them."""
        writes = []
        for member in self._chosen(cell).values():
            if not self.client.contract.api.operations[member.operation].is_safe:
                writes.append(member)
            elif not self._is_asked(member):
                self._ask_row(member)
        for member in self.lasting.in_order(writes):
            if not self._is_asked(member):
                self._ask(member)

    def _rank(self, cell: Cell) -> int:
        """Those who may see most come first, so that whatever they left in a cache meets everybody after them."""
        return -sum(cell.principal in item.opens for item in self.client.world.contract.objects.values())

    def _ask(self, cell: Cell, moment: str = "") -> None:
        try:
            evidence = self._observe(cell, moment)
        except CannotAsk as problem:
            self.unanswered[cell.id] = Verdict.BLOCKED, str(problem)
        except CannotAssess as problem:
            self.unanswered[cell.id] = Verdict.NOT_ASSESSED, str(problem)
        except NotApplicable as problem:
            self.unanswered[cell.id] = Verdict.NOT_APPLICABLE, str(problem)
        else:
            self.evidence.setdefault(cell.id, []).append(evidence)

    def _observe(self, cell: Cell, moment: str) -> Evidence:
        if self.client.contract.api.operations[cell.operation].is_safe:
            return self.observer.read(cell, moment)
        if self.client.target.abilities.undoes:
            return self.observer.write(cell)
        return self.lasting.observe(cell, self.observer.control)


def _problems(seen: list[Evidence]) -> list[Problem]:
    """What the first asking breaks, and what later ones break besides: that is the work of a cache."""
    first = problems_of(seen[0])
    later = [
        replace(problem, text=f"{problem.text} ({moment})", cause=f"{problem.cause}, once others have asked")
        for evidence in seen[1:]
        for problem in problems_of(evidence)
        if problem not in first and (moment := evidence.pages[0].moment)
    ]
    return by_gravity([*first, *later])
