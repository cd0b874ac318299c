"""A refusal counts only where somebody else is let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from coursegate.contracts.columns import Columns
from coursegate.contracts.contract import load_contract
from coursegate.harness.canaries import Canary, mint
from coursegate.harness.client import Client
from coursegate.harness.observation import Answer, Request
from coursegate.harness.targets.live import LiveTarget
from coursegate.harness.targets.target import Abilities
from coursegate.harness.verdicts import Judgement, Verdict
from coursegate.harness.world import Account, World
from coursegate.suites.access.sweep import Sweep

REFUSED = "lessons.retrieve/lesson-premium/guest"


class _Backend(LiveTarget):
    """A target that answers by rule, with nothing behind it; all that it is asked besides is nothing."""

    abilities = Abilities(reads_rows=True, undoes=True, writes=True)

    def __init__(self, rule: Callable[[Request], Answer]) -> None:
        self.rule = rule

    def send(self, request: Request) -> Answer:
        return self.rule(request)

    def row(self, model: str, key: Any) -> dict[str, Any] | None:
        return {"model": model, "key": key}

    def keys(self, model: str) -> set[Any]:
        return {model}

    def digests(self, _columns: Columns) -> dict[str, str]:
        return {}

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        return [] if model in known else [{}]

    def mint_token(self, key: Any, _lifetime: timedelta | None = None) -> str:
        return f"token-of-{key}"


def _judged(rule: Callable[[Request], Answer], canary: str = "") -> Judgement:
    """The judgement on the refused cell; `canary` is what stands in the content that it may not show."""
    contract = load_contract()
    world = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values()):
        world.ids[item.name], world.lookups[item.name] = number, {"pk": str(number), "slug": item.name}
        world.accounts[item.name] = Account(f"{item.name}@example.test", "password")
        world.planted[item.name] = {}
    if canary:
        lesson = contract.world.objects["lesson-premium"]
        world.aviary.add(Canary(canary, lesson.name, lesson.model, "content", lesson.clearance["content"]))
    sweep = Sweep(Client(_Backend(rule), world, contract))
    return sweep.judge(contract.access.cells[REFUSED])


def _json(status: int, body: Any) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())


def _signed_in(request: Request) -> bool:
    return "Authorization" in request.headers


REFUSAL = _json(403, {"detail": "no"})
RULES: dict[str, tuple[Callable[[Request], Answer], Verdict]] = {
    "everybody-refused": (lambda _request: REFUSAL, Verdict.BLOCKED),
    "everybody-missing": (lambda _request: _json(404, {"detail": "no"}), Verdict.BLOCKED),
    "everybody-empty": (lambda _request: _json(200, {}), Verdict.FAIL),  # the contract knows no such answer
    "everybody-crashes": (lambda _request: _json(500, {"detail": "no"}), Verdict.FAIL),
    "twin-throttled": (lambda request: _json(429, {}) if _signed_in(request) else REFUSAL, Verdict.BLOCKED),
    "twin-redirected": (lambda request: _json(302, {}) if _signed_in(request) else REFUSAL, Verdict.BLOCKED),
    "twin-crashes": (lambda request: _json(500, {}) if _signed_in(request) else REFUSAL, Verdict.PASS),
    "twin-answered-badly": (lambda request: _json(200, {}) if _signed_in(request) else REFUSAL, Verdict.PASS),
}


@pytest.mark.parametrize(("rule", "verdict"), RULES.values(), ids=RULES.keys())
def test_refusal_counts_only_beside_a_twin(rule: Callable[[Request], Answer], verdict: Verdict) -> None:
    """A refusal passes where its twin gets further, and is blocked where the twin is treated the same."""
    assert _judged(rule).verdict is verdict


def test_what_is_blocked_has_its_twin_for_a_cause() -> None:
    """A refusal that counts for nothing names the allowed cell that is refused as well; a pass has no cause."""
    blocked = _judged(RULES["everybody-refused"][0])

    assert blocked.cause == "its allowed twin access/lessons.retrieve/lesson-premium/premium fares no better"
    assert blocked.reason.startswith(f"refused as promised, but {blocked.cause}: expected the whole")
    assert _judged(RULES["twin-crashes"][0]).cause == ""


def test_a_leak_is_told_before_the_form_it_comes_in() -> None:
    """An answer that leaks and has the wrong shape is grouped under the leak, and its shape is told as well."""
    canary = mint("seed", "lesson-premium", "content")

    judged = _judged(lambda _request: _json(200, {"id": "no number", "content": canary}), canary)

    assert (judged.kind, judged.cause) == ("leak", "lessons.retrieve leaks courses.Lesson.content")
    leak, *others = judged.reason.split("; ")
    assert leak.startswith("guest received the canary of lesson-premium.content")
    assert any(other.startswith("its 200 is not as the contract says at $") for other in others)
