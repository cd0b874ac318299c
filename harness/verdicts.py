"""The words for how a check can end, and what a run of them adds up to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    BLOCKED = "blocked"
    NOT_ASSESSED = "not-assessed"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"


# Nothing is wrong: the promise was kept, or asks nothing of this target.
KEPT = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})

# Why something was not assessed: the word that its reason begins with, and that --allow-not-assessed takes.
THROTTLED, NEEDS_SOURCE, NEEDS_WRITES = "throttled", "needs-source", "needs-writes"
NEEDS_POSTGRES, NEEDS_REDIS = "needs-postgres", "needs-redis"


def reason_word(reason: str) -> str:
    """The word before the colon."""
    return reason.partition(":")[0]


class Kind(StrEnum):
    """What sort of promise a failure breaks; leaks are told first."""

    LEAK = "leak"
    EFFECT = "effect"
    HANG = "hang"
    ERROR = "error"
    FORM = "form"


@dataclass(frozen=True)
class Problem:
    """One way in which an answer breaks its promise.

    Attributes:
        text: what was seen, for a person.
        cause: what failures of one origin have in common, without principal or id.
        about: the finding, or the policy, that it is about, whatever the check was to find out; "" where that is what the
            check asks.
    """

    kind: Kind
    text: str
    cause: str
    about: str = ""


@dataclass(frozen=True)
class Judgement:
    """The verdict on one cell, as it stands in `gate.json`.

    Attributes:
        about: the finding, or the policy, that its gravest problem is about, where that is not what the check is to find out.
        findings: what promises it.
    """

    id: str
    suite: str
    operation: str
    principal: str
    subject: str
    expected: str
    seen: str
    verdict: Verdict
    reason: str = ""
    kind: str = ""
    cause: str = ""
    curl: str = ""
    about: str = ""
    findings: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain data: it also travels between processes."""
        plain = {"verdict": str(self.verdict), "kind": str(self.kind), "findings": list(self.findings)}
        return {**asdict(self), **plain}


def exit_code(verdicts: list[Verdict], *, allow_not_assessed: bool) -> int:
    """The run's exit code (design, "Verdicts and exit codes").

    Returns:
        0 every promise kept, 1 a promise is broken or could not be judged, 5 nothing meaningful was assessed.
    """
    judged = {Verdict.PASS, Verdict.FAIL}
    if any(verdict in {Verdict.FAIL, Verdict.BLOCKED} for verdict in verdicts):
        return 1
    if Verdict.NOT_ASSESSED in verdicts and not allow_not_assessed:
        return 1
    return 0 if any(verdict in judged for verdict in verdicts) else 5
