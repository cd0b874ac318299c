"""The summary on the terminal: one screen, causes before cells, leaks before everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coursegate.contracts.agreement import PREFIX
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.report.causes import causes_of
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.promises import cited_by
from coursegate.harness.verdicts import Verdict

MOST_CAUSES = 10
_WIDTH = 150
# What to do about it stands at the end.
_CAUSE_WIDTH = 400


def summary_lines(result: Result, report: Path | None) -> Iterator[str]:
    """The lines of the summary; `report` is where gate.json was written, None where that failed."""
    counts = (
        ", ".join(_counted(result, name, count) for name, count in result.summary.items() if count)
        or "nothing judged"
    )
    commit = f" at {result.commit}" if result.commit else ""
    yield f"{result.verdict.upper()}  {result.binding.label}{commit}"
    yield f"cells      {counts}; {len(result.cells)} of {result.declared} asked for, {result.duration_s:.1f} s"
    if result.release:
        yield f"contract   of {result.release}; newer, and not asked: {result.left_out}"
    if result.phase is not None:
        yield f"phase      {result.phase}; not kept, but asked for by later phases only: {len(result.deferred)}"
    yield from _agreement(result)
    yield from _preflight(result)
    yield from _causes(result)
    yield from _waivers(result)
    if result.ledger.removed or result.ledger.left:
        yield f"ledger     {result.ledger.removed} rows that the run made are gone again, {len(result.ledger.left)} are left"
        for row in result.ledger.left[:MOST_CAUSES]:
            yield f"  left behind: {_short(row)}"
    if result.since:
        yield f"since      the baseline: {result.since.counted()}"
        for name in result.since.newly_failing[:MOST_CAUSES]:
            yield f"  newly failing: {name}"
    for error in result.harness_errors[:5]:
        yield f"the harness itself failed: {error}"
    if report:
        yield f"report     {report.with_name('gate.html')}, for machines {report.name}"
    else:
        yield "report     could not be written; the verdict above stands"


def _counted(result: Result, name: str, count: int) -> str:
    why = ", ".join(f"{number} {word}" for word, number in result.not_assessed.items())
    return f"{count} {name}" + (f" ({why})" if name == Verdict.NOT_ASSESSED else "")


def _agreement(result: Result) -> Iterator[str]:
    """On whose word the run rests besides the contract."""
    said = result.binding.agreement
    if said.path is None:
        return
    parts = [
        f"prefix {said.prefix}" if said.prefix != PREFIX else "",
        f"{len(said.routes)} routes elsewhere" if said.routes else "",
        f"{len(said.models)} models renamed" if said.models else "",
        f"in rows besides: {', '.join(said.held_besides)}" if said.rows else "",
        f"sent besides: {', '.join(said.sent_besides)}" if said.bodies else "",
        f"not offered: {', '.join(said.unsupported)}" if said.unsupported else "",
        *(f"{name} = {position}" for name, position in said.policy.items()),
        *said.told_of_former,
    ]
    yield f"agreed     {_short(f'{said.path.name}: ' + ('; '.join(filter(None, parts)) or 'nothing that changes a check'))}"


def _preflight(result: Result) -> Iterator[str]:
    yield "preflight  " + " > ".join(f"{rung.rung} {rung.verdict}" for rung in result.preflight)
    for rung in result.preflight:
        if rung.verdict is Verdict.FAIL:
            for cause in rung.causes[:3]:
                yield f"  {rung.rung}: {_short(cause, _CAUSE_WIDTH)}"
            if len(rung.causes) > 3:
                yield f"  {rung.rung}: and {len(rung.causes) - 3} more in the report"
            if rung.blocks:
                yield f"    blocks {rung.blocks}"


def _waivers(result: Result) -> Iterator[str]:
    """What is wrong with waivers; how many hold is counted above."""
    for standing in result.wrong_waivers[:MOST_CAUSES]:
        yield f"WAIVER     {standing.state}: {standing.waiver.id} (line {standing.waiver.line} of the waivers)"
        yield f"  {standing.told}; it is {standing.waiver.owner}'s, see {standing.waiver.issue}"
    if (more := len(result.wrong_waivers) - MOST_CAUSES) > 0:
        yield f"and {more} more waivers that are wrong: coursegate waivers check --report=gate.json"


def _causes(result: Result) -> Iterator[str]:
    """Failures by what they have in common; at most ten, the gravest kind and then the widest first."""
    fallen = blocking(result.preflight)
    # One broken rung is the cause of all that it blocks, and told above.
    told = {Verdict.FAIL} if fallen else {Verdict.FAIL, Verdict.BLOCKED, Verdict.NOT_ASSESSED}
    ranked = causes_of(result.blocking_cells, told)
    for cause in ranked[:MOST_CAUSES]:
        count, first = len(cause.cells), cause.example
        sources = ", ".join(cited_by(first)) or "openapi.yaml"
        yield f"{cause.kind.upper():<10} {_short(cause.text)}"
        yield f"  {count} cell{'s' if count > 1 else ''} ({_short(', '.join(cause.whose))}), promised by {sources}"
        if len(cause.operations) > 1:
            yield f"  in {_short(', '.join(cause.operations))}"
        if first["reason"] not in {"", cause.text}:
            yield f"  {_short(first['reason'])}"
        yield f"  {result.replay(first['id'])}"
    if len(ranked) > MOST_CAUSES:
        yield f"and {len(ranked) - MOST_CAUSES} more causes in the report"


def _short(text: str, width: int = _WIDTH) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
