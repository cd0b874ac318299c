"""One action on the target's database: within its time limit, all of it or nothing, and what went wrong in words."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from coursegate.harness.deadline import UNFINISHED, TimeLimitExceeded, deadline
from coursegate.harness.poison import give_up

SECONDS_PER_OBJECT = 5.0
# What a process was doing that had to be given up over an object, as `poison` keeps it.
SAVING = "saving"


def attempt(action: Callable[[], Any], what: str = "a row") -> str:
    """Run one database action with its time limit, all or nothing. Returns what went wrong, or ""."""
    try:
        with deadline(SECONDS_PER_OBJECT, partial(_give_up, what)), transaction.atomic():
            action()
    except (Exception, SystemExit, TimeLimitExceeded) as problem:
        return described(problem)
    return ""


def _give_up(what: str, stack: list[traceback.FrameSummary]) -> None:
    """End a process that a save() holds and does not let go; the next one saves past it."""
    give_up((SAVING, what), _place(stack))


def _place(stack: list[traceback.FrameSummary]) -> str:
    return f"{os.path.relpath(stack[-1].filename)}:{stack[-1].lineno}" if stack else "an unknown place"


def described(problem: BaseException) -> str:
    if isinstance(problem, TimeLimitExceeded):
        return f"{UNFINISHED} {problem.seconds:g} s, it stood in {_place(problem.stack)}"
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
