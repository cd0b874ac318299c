"""What comes at the address of a file is the file, or says nothing of who gets it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.canaries import mint
from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Answer, Request
from coursegate.harness.world import World
from coursegate.suites.files.asking import ask
from coursegate.suites.files.cases import FILE, checks

CONTRACT = load_contract()
SUBJECT = "resource-premium-on-guest-lesson"
TOKEN = mint("seed", SUBJECT, FILE)
CHECK = next(
    check for check in checks(CONTRACT) if check.subject == SUBJECT and check.principal == "registered"
)


class _Target:
    """Answers every address alike, but refuses who is not `served`."""

    host = "testserver"

    def __init__(self, body: bytes, served: str) -> None:
        self.body, self.served = body, served

    def send(self, request: Request) -> Answer:
        is_served = request.principal == self.served or not self.served
        return Answer(200, {}, self.body) if is_served else Answer(403, {}, b"{}")

    def file_path(self, *_: Any) -> str:
        return "/media/it.pdf"


class _Client:
    def __init__(self, target: _Target) -> None:
        self.target = target

    def sign_in(self, principal: str) -> str:
        return principal

    def send(self, _cell: Any) -> Any:
        return SimpleNamespace(answer=Answer(404, {}, b"{}"))


@pytest.mark.parametrize("inside", [True, False])
def test_the_reader_gets_the_file(inside: bool) -> None:
    """A file is known by what is in it, whatever the backend calls it; who is refused, while its reader gets it, is right."""
    assert _asked(TOKEN.encode(), served=CHECK.reader, inside=inside) == []
    assert _asked(TOKEN.encode(), served="", inside=inside) != []


def test_a_page_for_every_address_is_not_the_file() -> None:
    """Where even its reader gets something else with 200, nothing is known of who gets the file."""
    with pytest.raises(NotApplicable, match="does not serve stored files"):
        _asked(b"<html>a page for every address</html>", served="")


def _asked(body: bytes, served: str, *, inside: bool = True) -> list[Any]:
    world = World(CONTRACT.world, "seed", ids={SUBJECT: 1})
    world.plant(CONTRACT.world.objects[SUBJECT], FILE, TOKEN, inside=inside)
    target: Any = _Target(body, served)
    client: Any = _Client(target)
    bound: Any = SimpleNamespace(world=world, target=target, client=client, contract=CONTRACT)
    return ask(CHECK, bound)[1]
