"""Whoever is signed in stays so, however long the run takes and however short tokens last."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.client import Client
from coursegate.harness.lifetime import lifetime
from coursegate.harness.observation import Answer, Request
from coursegate.harness.targets.target import Abilities
from coursegate.harness.world import Account
from coursegate.tests.harness.imagined import imagined_world

MONOTONIC = "coursegate.harness.client.time.monotonic"


def _token(**claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"header.{payload}.signature"


@dataclass
class _Shop:
    """A deployment that gives a new token to each who signs in, valid for five minutes."""

    abilities: Abilities

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def send(self, _request: Request) -> Answer:
        token = _token(iat=1000, exp=1300, jti=next(self._numbers))
        return Answer(200, {}, json.dumps({"access": token}).encode())


def _client(contract: Contract, *, undoes: bool) -> Client:
    shop = _Shop(Abilities(reads_rows=undoes, undoes=undoes, writes=True))
    world = imagined_world(contract)
    world.accounts["registered"] = Account("registered@example.com", "word")
    return Client(cast(Any, shop), world, contract)


@pytest.mark.parametrize(
    ("token", "seconds"),
    [
        (_token(iat=1000, exp=1300), 300),
        (_token(exp=1300), math.inf),
        ("9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", math.inf),
        ("a.b.c", math.inf),
        ("a.W10.c", math.inf),
    ],
)
def test_a_token_says_how_long_it_lasts(token: str, seconds: float) -> None:
    """Only a JSON Web Token says so; any other is taken to last."""
    assert lifetime(token) == seconds


@pytest.mark.parametrize(("passed", "signs_in_again"), [(200, False), (240, True)])
def test_a_new_token_is_got_before_the_old_one_runs_out(
    contract: Contract, monkeypatch: pytest.MonkeyPatch, passed: float, signs_in_again: bool
) -> None:
    """A deployment whose tokens last five minutes is asked with a new one in the fourth."""
    client = _client(contract, undoes=False)
    monkeypatch.setattr(MONOTONIC, lambda: 0.0)
    first = client.sign_in("registered")
    monkeypatch.setattr(MONOTONIC, lambda: passed)

    assert (client.sign_in("registered") != first) is signs_in_again


def test_where_clocks_are_put_on_the_first_token_stays(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the gate's own process one token serves the whole run: one of another time would be worth nothing there."""
    client = _client(contract, undoes=True)
    monkeypatch.setattr(MONOTONIC, lambda: 0.0)
    first = client.sign_in("registered")
    monkeypatch.setattr(MONOTONIC, lambda: 10_000.0)

    assert client.sign_in("registered") == first


def test_what_a_run_made_is_taken_away_with_credentials_of_today(contract: Contract) -> None:
    """A removal bears what its principal's account is worth now; a guest's has nothing to renew."""
    client = _client(contract, undoes=False)
    old = Request("DELETE", "/api/notes/1/", "registered", {"Cookie": "sessionid=ended"})

    anew = client.signed_anew(old)

    assert anew.headers == {"Authorization": f"Bearer {client.tokens['registered']}"}
    assert client.signed_anew(Request("DELETE", "/api/notes/1/", "")).headers == {}
