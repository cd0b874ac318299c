"""`summary.md`: the run on a pull request, the gravest first, cut where a comment would be too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from coursegate.contracts.contract import Contract
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.report.causes import Cause, causes_of
from coursegate.harness.report.difference import TITLES
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.headline import headline, promises
from coursegate.harness.report.progress import Progress, phases, progress_of
from coursegate.harness.report.promises import cited_by, promises_of
from coursegate.harness.verdicts import Verdict

# A comment holds 65,536 characters, a step summary a megabyte; the tail says what was left out.
MOST_BYTES = 60_000
_TAIL = 500
MOST_CAUSES = 25
_WIDTH = 400
# Lines to paste in one list; each stands in a block of its own, so that cutting leaves no list open.
_LINES = 20


def write_summary(result: Result, contract: Contract, folder: Path) -> Path:
    """Write `summary.md`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    return write_whole(folder / "summary.md", summary(result, contract))


def summary(result: Result, contract: Contract) -> str:
    """The summary; less than `MOST_BYTES` whatever happened."""
    kept, size, left = [], 0, 0
    for block in _blocks(result, contract):
        length = len(block.encode(errors="backslashreplace")) + 2
        if left or size + length > MOST_BYTES - _TAIL:
            left += 1
            continue
        kept.append(block)
        size += length
    if left:
        kept.append("There is more than fits here: all of it is in `gate.html` and `gate.json` of this run.")
    return "\n\n".join(kept) + "\n"


def _blocks(result: Result, contract: Contract) -> Iterator[str]:
    """Parts that stand by themselves, the most important first."""
    found = progress_of(result, contract)
    yield f"## coursegate: {result.verdict}"
    yield headline(result)
    yield _facts(result)
    yield from _preflight(result)
    yield from _since(result)
    yield from _waivers(result)
    yield from (f"- The gate itself failed: {code(error)}" for error in result.harness_errors[:5])
    causes = causes_of(result.blocking_cells, {Verdict.FAIL})
    if causes:
        yield "### What is broken"
    for cause in causes[:MOST_CAUSES]:
        yield _cause(cause, result, contract)
    if len(causes) > MOST_CAUSES:
        yield f"And {len(causes) - MOST_CAUSES} more causes."
    yield from _findings(found, result)
    yield from _unjudged(result)
    yield from _lines([cell["id"] for cause in causes for cell in cause.cells], result)


def _facts(result: Result) -> str:
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in result.summary.items() if count)
    facts = {
        "target": code(result.binding.label) + (f" at `{result.commit}`" if result.commit else ""),
        "checks": f"{counts or 'none'}; {len(result.cells):,} of {result.declared:,} asked",
        "phase": "" if result.phase is None else str(result.phase),
        "exit code": str(result.exit_code),
    }
    return "\n".join(f"- {name}: {said}" for name, said in facts.items() if said)


def _preflight(result: Result) -> Iterator[str]:
    for rung in result.preflight:
        if rung.verdict is Verdict.FAIL:
            causes = "\n".join(f"  - {code(cause)}" for cause in rung.causes[:5])
            blocks = f", which blocks {rung.blocks}" if rung.blocks else ""
            yield f"- **Preflight breaks at “{rung.rung}”**{blocks}:\n{causes}"
            yield _shell([f"coursegate doctor {result.binding.options}"])


def _since(result: Result) -> Iterator[str]:
    """What is worse than in the baseline, each with its line to paste."""
    if not result.since:
        return
    yield f"**Since the baseline**: {result.since.counted()}."
    for name in ("newly_failing", "failing_otherwise", "newly_untested", "no_longer_run"):
        ids = getattr(result.since, name)
        if ids:
            more = f", and {len(ids) - MOST_CAUSES} more" if len(ids) > MOST_CAUSES else ""
            yield f"{TITLES[name]}{more}:"
            yield _shell([result.replay(one) for one in ids[:MOST_CAUSES]])


def _waivers(result: Result) -> Iterator[str]:
    for one in result.wrong_waivers[:MOST_CAUSES]:
        yield f"- **Waiver {one.state}**: {code(one.waiver.id)}, {code(one.told)}, {code(one.waiver.owner)}"


def _cause(cause: Cause, result: Result, contract: Contract) -> str:
    cell = cause.example
    cited = promises_of(cited_by(cell), contract)
    seen_in = [f"in {code(', '.join(cause.operations))}  "] if len(cause.operations) > 1 else []
    return "\n".join(
        [
            f"**{cause.kind}**: {code(cause.text or cell['id'])}  ",
            f"{promises(len(cause.cells))}: {code(', '.join(cause.whose))}; "
            f"promised by {', '.join(f'{promise.id} ({promise.title})' for promise in cited)}  ",
            *seen_in,
            f"{code(cause.told)}",
            "",
            _shell([result.replay(cell["id"])]),
        ]
    )


def _findings(found: Sequence[Progress], result: Result) -> Iterator[str]:
    asked = [one for one in found if one.checks]
    if not asked:
        return
    yield "### The audit"
    rows = [
        f"| {one.number} | {one.kept} | {one.broken} | {one.doubted} | {one.other} |" for one in phases(found)
    ]
    head = ["| phase | findings kept | broken | in doubt | not judged |", "|---|---|---|---|---|"]
    yield "\n".join([*head, *rows])
    broken = [one for one in asked if one.verdict == Verdict.FAIL]
    for one in sorted(broken, key=lambda one: (one.deferred, bool(one.through), one.finding.gravity)):
        later = ", of a later phase" if one.deferred else ""
        doubt = f", all about {', '.join(one.through)} first" if one.through else ""
        replay = result.replay(one.unkept[0]["id"])
        yield (
            f"- **{one.finding.id}** {one.finding.title} ({one.finding.severity}, phase {one.finding.phase}{later}), "
            f"{code(', '.join(one.finding.files))}  \n  {len(one.unkept)} of {len(one.checks)} checks fail"
            f"{doubt}: {code(replay)}"
        )


def _unjudged(result: Result) -> Iterator[str]:
    causes = causes_of(result.cells, {Verdict.BLOCKED, Verdict.NOT_ASSESSED, Verdict.WAIVED})
    if causes:
        yield "### What was not judged, or is waived"
    for cause in causes[:MOST_CAUSES]:
        yield f"- {len(cause.cells):,} {cause.example['verdict']}: {code(cause.text)}"


def _lines(failed: Sequence[str], result: Result) -> Iterator[str]:
    """One line to paste for each check that fails."""
    if failed:
        yield "### Ask one again"
    for start in range(0, len(failed), _LINES):
        lines = [result.replay(name) for name in failed[start : start + _LINES]]
        yield _shell(lines)


def _shell(lines: Sequence[str]) -> str:
    """Lines to paste."""
    fence = _fence("\n".join(lines), least=3)
    return "\n".join([f"{fence}sh", *lines, fence])


def _fence(text: str, least: int) -> str:
    """More backticks than the text has in a row anywhere."""
    return "`" * max(least, max((len(run) for run in re.findall("`+", text)), default=0) + 1)


def code(text: str) -> str:
    """What a target said, as it is: no markup in it is obeyed, nobody in it is called."""
    line = " ".join(text.split()) or " "
    line = line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
    fence = _fence(line, least=1)
    # A space keeps backticks at the ends from the fence.
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{pad}{line}{pad}{fence}"
