"""What is made through the API is followed to its end: what cannot be made is no pass, what outlives its end is a fault."""

from __future__ import annotations

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.client import CannotAsk, Client
from coursegate.harness.observation import Answer, Request
from coursegate.harness.session import Bound
from coursegate.harness.targets.live import LiveTarget
from coursegate.harness.targets.target import Abilities
from coursegate.harness.verdicts import Kind, Problem
from coursegate.harness.world import Account
from coursegate.suites.fuzz.cases import SEQUENCES, checks
from coursegate.suites.fuzz.sequences import ask
from coursegate.tests.harness.imagined import answer, imagined_world

CONTRACT = load_contract()
NOTE = next(one for one in checks(CONTRACT) if (one.kind, one.operation) == (SEQUENCES, "notes.create"))


class _Backend(LiveTarget):
    """A target that keeps one note, and gives it away by rule once it is deleted."""

    abilities = Abilities(reads_rows=True, undoes=True, writes=True)

    def __init__(self, made: Answer, afterwards: int) -> None:
        self.made, self.afterwards, self.is_gone = made, afterwards, False

    def send(self, request: Request) -> Answer:
        if request.path == "/api/token/":
            return answer(200, {"access": "token", "refresh": "token"})
        if request.method == "POST":
            return self.made
        if request.principal in {"guest", "peer"}:
            return answer(404, {"detail": "no"})
        if self.is_gone:
            return answer(self.afterwards, {"id": 7})
        self.is_gone = request.method == "DELETE"
        return answer(204) if self.is_gone else answer(200, {"id": 7})


def _asked(made: Answer, afterwards: int = 404) -> list[Problem]:
    world = imagined_world(CONTRACT)
    for name in CONTRACT.world.principals:
        world.accounts[name] = Account(f"{name}@example.org", "never sent")
    target = _Backend(made, afterwards)
    return ask(NOTE, Bound(CONTRACT, target, world, Client(target, world, CONTRACT)))[1]


MADE = answer(201, {"id": 7})
UNMADE = {
    "refused": (answer(403, {"detail": "no"}), "nothing is made"),
    "answered-otherwise": (answer(200, {"id": 7}), "nothing is made"),
    "without-its-key": (answer(201, {"content": "words"}), "holds no id"),
}


def test_what_ends_as_it_must_is_fine() -> None:
    """A note that is made, read, deleted and missing from then on breaks nothing."""
    assert _asked(MADE) == []


@pytest.mark.parametrize(("made", "told"), UNMADE.values(), ids=UNMADE.keys())
def test_what_is_not_made_cannot_be_followed(made: Answer, told: str) -> None:
    """Where nothing is made, or nobody knows where it is, the check is blocked and says so."""
    with pytest.raises(CannotAsk, match=told):
        _asked(made)


def test_what_outlives_its_end_is_a_fault() -> None:
    """A note that is answered after it was deleted fails, in each way in which it is."""
    problems = _asked(MADE, 200)

    assert {problem.kind for problem in problems} == {Kind.EFFECT}
    assert problems[0].text == "after it was deleted GET is answered 200 instead of 404"
