"""What a run comes to, in a sentence or two that need no knowledge of the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.report.causes import causes_of
from coursegate.harness.report.gate_json import Result
from coursegate.harness.verdicts import Kind, Verdict

# One of it, several of it, and what that means to somebody who sells courses.
KINDS = {
    Kind.LEAK: ("leak", "leaks", "somebody receives what is not theirs"),
    Kind.EFFECT: ("wrong effect", "wrong effects", "something is written that must not be, or not written"),
    Kind.HANG: ("hang", "hangs", "no answer in time"),
    Kind.ERROR: ("server error", "server errors", "the request breaks the backend"),
    Kind.FORM: ("wrong answer", "wrong answers", "nothing is lost, but the answer is not the promised one"),
}


def headline(result: Result) -> str:
    """The sentences after the verdict."""
    return " ".join(sentence[0].upper() + sentence[1:] + "." for sentence in _sentences(result))


def _sentences(result: Result) -> Iterator[str]:
    if result.verdict == "interrupted":
        yield f"the run was interrupted after {len(result.cells):,} of {result.declared:,} promises"
    if result.verdict == "error":
        yield "the gate itself failed: this run says nothing reliable about the backend"
    fallen = blocking(result.preflight)
    if fallen:
        yield f"the backend does not get past the rung “{fallen.rung}”, so no request could be judged"
    yield from _cells(result)
    if wrong := len(result.wrong_waivers):
        yield f"{wrong:,} waiver{'s' * (wrong > 1)} {'are' if wrong > 1 else 'is'} expired, unneeded or not valid"
    broken = [f"“{rung.rung}”" for rung in result.preflight if rung.verdict is Verdict.FAIL]
    if broken and not fallen:
        yield f"the rung{'s' * (len(broken) > 1)} {_listed(broken)} of the preflight broke"


def _cells(result: Result) -> Iterator[str]:
    counts = Counter(cell["verdict"] for cell in result.blocking_cells)
    failed, passed = counts[Verdict.FAIL], counts[Verdict.PASS]
    unjudged = counts[Verdict.BLOCKED] + counts[Verdict.NOT_ASSESSED]
    if result.deferred:
        yield (
            f"{promises(len(result.deferred))} of phases after {result.phase} "
            f"{'is' if len(result.deferred) == 1 else 'are'} not kept yet, which does not block this phase"
        )
    if failed:
        causes = len(causes_of(result.blocking_cells, {Verdict.FAIL}))
        yield (
            f"{failed:,} of {promises(result.declared)} {'is' if failed == 1 else 'are'} broken: {_kinds(result)}; "
            f"{causes} cause{'s' * (causes > 1)}"
        )
    elif passed:
        kept = f"all {promises(passed)}" if result.verdict == "pass" else promises(passed)
        yield f"{kept} {'is' if passed == 1 else 'are'} kept{' and none is broken' * bool(unjudged)}"
    elif not unjudged:
        yield "nothing was judged"
    if unjudged:
        yield f"{promises(unjudged)} could not be judged"
    if waived := counts[Verdict.WAIVED]:
        yield f"{promises(waived)} {'is' if waived == 1 else 'are'} waived"
    if result.left_out:
        yield (
            f"{promises(result.left_out)} {'is' if result.left_out == 1 else 'are'} newer than the contract of "
            f"{result.release} and {'was' if result.left_out == 1 else 'were'} not asked about"
        )
    if missing := result.declared - len(result.cells):
        yield f"{promises(missing)} {'was' if missing == 1 else 'were'} not asked about in this run"


def promises(count: int) -> str:
    return f"{count:,} promise{'s' if count != 1 else ''}"


def _kinds(result: Result) -> str:
    kinds = Counter(cell["kind"] for cell in result.blocking_cells if cell["verdict"] == Verdict.FAIL)
    return _listed([f"{kinds[kind]:,} {KINDS[kind][kinds[kind] > 1]}" for kind in Kind if kinds[kind]])


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
