"""What a principal asks in every world the same: about something that opens, about something locked, and lists in many ways."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from coursegate.contracts.access import Cell, Outcome
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Request
from coursegate.harness.session import Bound
from coursegate.suites.isolation.cases import SOURCES, is_read
from coursegate.suites.isolation.changes import Change, Deed

# As whom lists are searched in every run: without an account, and with one that has few rights.
SEARCHING = frozenset({GUEST, "registered"})

Asked = dict[str, list[tuple[Cell, Request]]]


def is_searching(bound: Bound, principal: str) -> bool:
    """Whether lists are asked for further pages, filters, searches and orderings: in every run as some, nightly as all."""
    return bound.profile.is_nightly or principal in SEARCHING


def asked_cells(bound: Bound, principal: str) -> Asked:
    """Operation -> its cells that are asked, each with its request.

    What is locked is asked besides what opens: a teaser is made where the hidden fields are at hand.
    """
    found: Asked = {}
    for cell in bound.contract.access.cells.values():
        asked = found.setdefault(cell.operation, [])
        check = f"isolation/worlds/{cell.operation}/{principal}"
        wanted = bound.selection.wants(check, cell.operation, principal, SOURCES)
        if not wanted or not is_read(cell, bound.contract, principal):
            continue
        alike = [known for known, _ in asked if _is_locked(known) == _is_locked(cell)]
        if len(alike) < bound.profile.subjects:
            with contextlib.suppress(CannotAsk):
                asked.append((cell, bound.client.request(cell)))
    return found


def further_requests(
    operation: Operation,
    asked: Sequence[Request],
    changes: Iterable[Change],
    token: str,
    counts: Iterable[str],
) -> Iterator[Request]:
    """The first request for a list, with each of its queries; `counts` are keys of its rows that count something."""
    if asked and operation.collection:
        gated = _gated(operation, changes)
        for query in (*_queries(operation, gated, token), *({"ordering": key} for key in counts)):
            yield _with_query(asked[0], query)


def _is_locked(cell: Cell) -> bool:
    return Outcome.LOCKED in cell.outcomes


def _queries(operation: Operation, gated: Sequence[str], token: str) -> Iterator[dict[str, Any]]:
    """Further pages, and filters, searches and orderings by what is hidden; unknown parameters do no harm."""
    yield {"page": 2, "page_size": 2}
    # Not both at once: a list that is narrowed by type has no rows of type "all", whatever is searched for.
    if "q" in operation.parameters:
        yield {"q": token, "type": "all"}
    else:
        yield {"search": token}
    if gated:
        yield {"ordering": ",".join(gated)}
    for name in gated:
        yield {f"{name}__icontains": token}


def _gated(operation: Operation, changes: Iterable[Change]) -> list[str]:
    """Fields of the listed model that some row hides from the principal."""
    return sorted(
        {
            name
            for change in changes
            if change.deed is Deed.EDIT and change.model == operation.model
            for name in change.fields
        }
    )


def _with_query(request: Request, query: dict[str, Any]) -> Request:
    path, _, known = request.path.partition("?")
    own = [part for part in known.split("&") if part and part.partition("=")[0] not in query]
    return replace(request, path=f"{path}?{'&'.join([*own, urlencode(query)])}")
