"""`courses/serializers/`: what the pages of a browsable API show around an answer: forms, with what may be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.canaries import tokens_in
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.judging.universal import Asked, canaries_above
from coursegate.harness.observation import Exchange
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

# Who teaches something else, who teaches nothing, and who is nobody; besides these, whoever the object belongs to.
READERS = (GUEST, "registered", "peer")

# Hundreds of pages, each made of templates.
SECONDS = 180.0


def _paths(contract: Contract) -> list[tuple[Operation, Cell]]:
    """For each path the operation that it is known by, and whom it answers: the one that reads, where there is one."""
    shown = samples(contract)
    found: dict[str, Operation] = {}
    for operation in contract.api.operations.values():
        if operation.id in shown and (operation.path not in found or operation.method == "GET"):
            found[operation.path] = operation
    return [(operation, shown[operation.id]) for operation in found.values()]


def _page(on: Probe, operation: Operation, cell: Cell, principal: str) -> Exchange:
    """A path as a browser asks for it. Apart from the exchanges of the probe: the contract describes no page."""
    request = on.client.request(replace(cell, principal=principal))
    request = replace(request, method="GET", body=None, headers={**request.headers, "Accept": "text/html"})
    answer = on.target.send(request)
    # A page repeats its address, and those above it: a slug that one has sent oneself is no news.
    sent = on.client.requested_ids(operation, cell)[0] if operation.lookup else ""
    body = answer.body.replace(sent.encode(), b"") if tokens_in(sent) else answer.body
    return Exchange(request, replace(answer, body=body))


def _pages(on: Probe) -> Iterator[tuple[Operation, Exchange]]:
    """Each path that answers HTML, as each reader gets it."""
    for operation, cell in _paths(on.contract):
        for principal in dict.fromkeys((cell.principal, *READERS)):
            try:
                exchange = _page(on, operation, cell, principal)
            except CannotAsk:
                break
            if not exchange.answer.header("Content-Type").startswith("text/html"):
                break
            yield operation, exchange


@finding("SER-08", "SER-10", needs="http", kind=Kind.LEAK, seconds=SECONDS)
def no_page_shows_what_is_hidden(on: Probe) -> None:
    """A page of the browsable API shows nobody, in its forms either, what is hidden from him."""
    told: list[str] = []
    looked = 0
    for operation, exchange in _pages(on):
        looked += 1
        request, answer = exchange.request, exchange.answer
        assert answer.status < 500, f"{request.path} as a page, by {request.principal}: {answer.summary}"
        asked = Asked(operation.id, request.principal, on.world, on.contract.declassified)
        told += [f"{request.path} as a page: {leak.text}" for leak in canaries_above(exchange, asked)][:1]
    if not looked:
        raise NotApplicable("no path of the API answers HTML to a browser")

    assert told == [], f"{len(told)} of {looked} pages: {'; '.join(told[:3])}"
