"""How a regression check is run, and what its end says about the backend."""

from __future__ import annotations

import traceback
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from coursegate.harness.asking import check_undoes
from coursegate.harness.checks import judge
from coursegate.harness.client import CannotAsk, CannotAssess, NotApplicable
from coursegate.harness.deadline import UNFINISHED, TimeLimitExceeded, deadline
from coursegate.harness.observation import Exchange
from coursegate.harness.probing.missing import Missing
from coursegate.harness.probing.probe import Probe
from coursegate.harness.session import Bound, Session
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.target import Target
from coursegate.harness.verdicts import NEEDS_SOURCE, Judgement, Kind, Problem, Verdict
from coursegate.suites.regression.finding import Needs, RegressionCheck

SUITES = Path(__file__).parent.parent
# So much of an exception tells it from others; what follows may be told shortened, or with another path.
_ENOUGH = 70
Seen = tuple[list[Exchange], list[Problem]]


def verdict(check: RegressionCheck, gate: Session) -> Judgement:
    """The verdict on a check; what needs only the source is judged on a target that does not start."""
    if check.needs is Needs.SOURCE and gate.bound is None and isinstance(gate.place, Binding):
        probe = Probe(gate.contract, gate.place, None, start_hangs=UNFINISHED in gate.blocked)
        try:
            _, problems = _run(check, probe, nullcontext())
        except NotApplicable as problem:
            return check.judged(Verdict.NOT_APPLICABLE, str(problem))
        except CannotAssess as problem:
            return check.judged(Verdict.NOT_ASSESSED, str(problem))
        except CannotAsk as problem:
            return check.judged(Verdict.BLOCKED, str(problem))
        if problems:
            first = _of_the_start(problems[0], gate.blocked)
            return check.judged(Verdict.FAIL, first.text, problem=first)
        return check.judged(Verdict.PASS)
    return judge(check, gate, lambda bound: ask(check, bound))


def _of_the_start(problem: Problem, blocked: str) -> Problem:
    """A problem of a target that does not start, told as that where it is the same: one thing is to be mended, not many.

    Args:
        blocked: `blocked by preflight, rung start: file:line: Exception: text`.
    """
    exception = blocked.split(": ", maxsplit=2)[-1]
    if not exception or exception[:_ENOUGH] not in problem.text:
        return problem
    return replace(problem, cause=f"it does not start: {exception}")


def ask(check: RegressionCheck, bound: Bound) -> Seen:
    """Run a check on a target that answers; nothing that it writes stays there.

    Raises:
        CannotAsk: an object that it is about was not built.
        CannotAssess: it needs the target's code, or to undo, and this target gives neither.
        NotApplicable: what the finding is about does not exist in this target.
    """
    binding = getattr(bound.target, "binding", None)
    if check.needs is not Needs.HTTP and binding is None:
        raise CannotAssess(
            f"{NEEDS_SOURCE}: it looks into the backend's code, which cannot be seen over HTTP"
        )
    if check.writes:
        check_undoes(bound)
    probe = Probe(bound.contract, binding, bound)
    exchanges, problems = _run(check, probe, _room_for(check, bound.target))
    return exchanges, problems


def _room_for(check: RegressionCheck, target: Target) -> AbstractContextManager[None]:
    if check.commits:
        return target.restored()
    return target.undone() if check.needs is not Needs.SOURCE else nullcontext()


def _run(check: RegressionCheck, probe: Probe, room: AbstractContextManager[None]) -> Seen:
    problems: list[Problem] = []
    cause = f"{check.sources[0]}: {check.expected}"
    try:
        with room, deadline(check.seconds):
            check.run(probe)
    except Missing as missing:  # whatever it would do, there is nothing to do it
        problems.append(Problem(Kind.FORM, _said(missing), cause))
    except AssertionError as broken:
        problems.append(Problem(check.kind, _said(broken), cause))
    except (CannotAsk, CannotAssess, NotApplicable):
        raise
    except TimeLimitExceeded as hang:
        problems.append(Problem(Kind.HANG, f"{hang}; it stood in {_place(hang.stack, probe)}", cause))
    except (Exception, SystemExit) as crash:
        # Whatever comes out of what the backend has given: its code, or a library that it has told something wrong.
        problems.append(_of_a_crash(crash, probe, cause))
    return probe.exchanges, problems


def _of_a_crash(crash: BaseException, probe: Probe, cause: str) -> Problem:
    """What an exception says of the backend: raised by its code, or by a check that cannot read what it was answered."""
    stack = list(traceback.extract_tb(crash.__traceback__))
    own, deepest = _place(stack, probe), stack[-1]
    text = f"{type(crash).__name__}: {' '.join(str(crash).split())[:300]}"
    if not own and probe.exchanges and Path(deepest.filename).is_relative_to(SUITES):
        last = probe.exchanges[-1]
        kind = Kind.ERROR if last.answer.status >= 500 else Kind.FORM
        path = last.request.path.partition("?")[0]
        return Problem(
            kind,
            f"{last.request.method} {path} answers {last.answer.summary}, which cannot be read on: {text}",
            cause,
        )
    where = own or f"{deepest.filename.rpartition('site-packages/')[2]}:{deepest.lineno}"
    return Problem(Kind.ERROR, f"{text} at {where}", cause)


def _said(broken: AssertionError) -> str:
    """The message of an assertion, in one piece, without what only who runs pytest by hand can do."""
    lines = [line.strip() for line in str(broken).splitlines()]
    lines = [line for line in lines if line and line != "Use -v to get more diff"]
    return " ".join(lines)[:600] or "an assertion without a message failed"


def _place(stack: list[traceback.FrameSummary], probe: Probe) -> str:
    """The deepest line of the backend's own code in a stack; "" where none of it was running."""
    if probe.binding is None:
        return ""
    own = [frame for frame in stack if probe.binding.owns(frame.filename)]
    return f"{probe.binding.relative(own[-1].filename)}:{own[-1].lineno}" if own else ""
