"""A refusal counts only where somebody else is let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.client import Client
from coursegate.harness.observation import Answer, Request
from coursegate.harness.targets.live import LiveTarget
from coursegate.harness.targets.target import Abilities
from coursegate.harness.verdicts import Verdict
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

    def digests(self) -> dict[str, str]:
        return {}

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        return [] if model in known else [{}]

    def mint_token(self, key: Any, _lifetime: timedelta | None = None) -> str:
        return f"token-of-{key}"


def _verdict(rule: Callable[[Request], Answer]) -> Verdict:
    contract = load_contract()
    world = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values()):
        world.ids[item.name], world.lookups[item.name] = number, {"pk": str(number), "slug": item.name}
        world.accounts[item.name] = Account(f"{item.name}@example.test", "password")
        world.planted[item.name] = {}
    sweep = Sweep(Client(_Backend(rule), world, contract))
    return sweep.judge(contract.access.cells[REFUSED]).verdict


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
    assert _verdict(rule) is verdict
