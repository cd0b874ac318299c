"""How each check of this room is asked."""

from __future__ import annotations

from coursegate.harness.asking import check_undoes
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.overposting import exceeding, mixing, moving, raising
from coursegate.suites.overposting.cases import MixCheck, MoveCheck, OverpostCheck, RaiseCheck


def ask(check: OverpostCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Send the body as it is and then with more than it may hold; nothing of either stays in the target.

    Raises:
        CannotAsk: the body as it is does not succeed: then nothing is shown.
        CannotAssess: what is written cannot be undone on this target.
    """
    check_undoes(bound)
    match check:
        case RaiseCheck():
            return raising.ask(check, bound)
        case MoveCheck():
            return moving.ask(check, bound)
        case MixCheck():
            return mixing.ask(check, bound)
    return exceeding.ask(check, bound)
