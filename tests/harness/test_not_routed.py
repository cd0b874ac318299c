"""Over HTTP, an optional operation is absent where its path answers as one does that nothing routes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.client import Client
from coursegate.harness.observation import Answer, Request
from coursegate.harness.preflight.live import absent_operations
from coursegate.harness.session import Bound
from coursegate.tests.harness.imagined import imagined_world

THERE = "/api/debug/cache-stats/"
_numbers = count(1)


@dataclass
class _Site:
    """A deployment that routes nothing, but says it in the words it is given."""

    refuse: Callable[[str], Answer]

    def send(self, request: Request) -> Answer:
        return self.refuse(request.path.partition("?")[0])


def _page(path: str) -> Answer:
    page = f"<p>The current path, <code>{path.lstrip('/')}</code>, matched none of these.</p>"
    return Answer(404, {"Content-Type": "text/html"}, page.encode())


def _numbered(path: str) -> Answer:
    return _refusal(detail="Not found.", path=path, request=next(_numbers))


def _refusal(**body: Any) -> Answer:
    return Answer(404, {"Content-Type": "application/json"}, json.dumps(body).encode())


def _in_other_words(path: str) -> Answer:
    return _refusal(detail="Not here.", path=path, request=next(_numbers))


def _with_another_status(path: str) -> Answer:
    return replace(_numbered(path), status=200)


def _absent(contract: Contract, refuse: Callable[[str], Answer]) -> set[str]:
    world, site = imagined_world(contract), cast(Any, _Site(refuse))
    client = Client(site, world, contract, tokens=dict.fromkeys(contract.world.principals, "t"))
    bound = SimpleNamespace(contract=contract, client=client, target=site)
    return set(absent_operations(cast(Bound, bound)))


@pytest.mark.parametrize("refuse", [_page, _numbered])
def test_what_answers_as_nothing_does_is_absent(contract: Contract, refuse: Callable[[str], Answer]) -> None:
    """The path that was asked for and a number of its own keep a refusal from telling nothing apart."""
    assert _absent(contract, refuse) == _optional(contract)


@pytest.mark.parametrize("there", [_in_other_words, _with_another_status])
def test_what_answers_otherwise_is_there(contract: Contract, there: Callable[[str], Answer]) -> None:
    """A view that answers with words or a status of its own is there, and nothing else is for that."""
    absent = _absent(contract, lambda path: there(path) if path == THERE else _numbered(path))

    assert absent == _optional(contract) - {"debug.cache-stats"}


def _optional(contract: Contract) -> set[str]:
    return {name for name, operation in contract.api.operations.items() if operation.optional}
