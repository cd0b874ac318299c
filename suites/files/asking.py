"""How a file is asked for, and what an answer breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from coursegate.contracts.world import GUEST
from coursegate.harness.canaries import PREFIX
from coursegate.harness.client import CannotAsk, CannotAssess, NotApplicable
from coursegate.harness.judging.universal import Asked, breakdowns, canaries_above
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Problem
from coursegate.suites.files.cases import ADDRESSES, ENDS, FILE, OPEN, OTHERS, SIGNATURES, FileCheck

NOT_SERVED = (
    "the application does not serve stored files: whatever stands before it does, and is not judged here"
)
# The operation that shows a resource, and how long a link may work that says of itself that it will not work for ever.
SHOWN_BY, LONGEST = "lessons.retrieve", timedelta(days=1)
YEARS_IN_SECONDS = 100_000_000


def ask(check: FileCheck, bound: Bound) -> tuple[list[Exchange], list[Problem]]:
    """Ask for the file, as somebody for whom it is closed.

    Raises:
        CannotAsk: the row was not built, or holds no file.
        CannotAssess: time cannot go by on this target.
        NotApplicable: nobody gets the file from the application itself, not even those for whom it is open: what comes
            in its place, a page for every address or a way to another host, is not the file.
    """
    if reason := bound.world.why_missing(check.subject):
        raise CannotAsk(f"{check.subject} is not there: {reason}")
    link = _link(check.subject, check, bound)
    if not link:
        raise NotApplicable(f"{check.subject} holds no file that has an address at this host")
    for_reader = _send(bound, link, check.reader)
    seen = _seen(check, bound, link)
    asked = Asked(check.operation, check.principal, bound.world, bound.contract.declassified)
    problems = [
        replace(problem, cause=f"files of {check.model} are served to callers for whom they are closed")
        for problem in canaries_above(seen, asked)
    ]
    if not _holds(for_reader, check, bound) and not problems:
        raise NotApplicable(
            f"{NOT_SERVED} ({link.rpartition('/')[0]}/\u2026 is answered {for_reader.answer.summary})"
        )
    return [for_reader, seen], [*problems, *breakdowns(seen.answer, "files")]


def _seen(check: FileCheck, bound: Bound, link: str) -> Exchange:
    """What somebody is answered for whom the file is closed."""
    plain, _, query = link.partition("?")
    if check.kind == ADDRESSES:
        return _send(bound, plain, check.principal)
    if not query:
        raise NotApplicable("links to files are plain addresses: nothing in them could end, or be forged")
    if check.kind == SIGNATURES:
        return _send(bound, f"{plain}?{_changed(query, _another)}", GUEST)
    if check.kind == OTHERS:
        if reason := bound.world.why_missing(OPEN):
            raise CannotAsk(f"{OPEN} is not there: {reason}")
        given = _link(OPEN, check, bound).partition("?")[2]
        return _send(bound, f"{plain}?{given}", GUEST)
    if check.kind == ENDS:
        query = _changed(query, _later)
    with bound.target.later(LONGEST):
        return _send(bound, f"{plain}?{query}", GUEST)


def _changed(query: str, change: Callable[[str], str]) -> str:
    """
    Raises:
        NotApplicable: there is nothing to change in it.
    """
    before = parse_qsl(query, keep_blank_values=True)
    after = [(name, change(value)) for name, value in before]
    if after == before:
        raise NotApplicable("links to files hold nothing that could be forged in this way")
    return urlencode(after)


def _another(value: str) -> str:
    """A signature of the same length; numbers stay, so that no end is in the way."""
    return value if value.isdecimal() else value[::-1]


def _later(value: str) -> str:
    """A number, as one of seconds, that lies years further on; all else stays."""
    return str(int(value) + YEARS_IN_SECONDS) if value.isdecimal() else value


def _holds(exchange: Exchange, check: FileCheck, bound: Bound) -> bool:
    """Whether what is answered is the file: it holds the canary that was stored in it."""
    world = bound.world
    held = world.inside.get(check.subject, {}) | world.planted.get(check.subject, {})
    token = held.get(FILE, "")
    return exchange.answer.status < 300 and bool(token) and token[:PREFIX] in exchange.answer.text.lower()


def _link(subject: str, check: FileCheck, bound: Bound) -> str:
    """Where a file is on this host: as its reader is told by the API, else as the backend's storage says."""
    lesson = next(iter(bound.contract.world.objects[subject].parents), "")
    cell = bound.contract.access.cells.get(f"{SHOWN_BY}/{lesson}/{check.reader}")
    for row in bound.client.send(cell).answer.objects if cell else ():
        if row.get("id") == bound.world.ids[subject] and isinstance(row.get(FILE), str):
            return _at_this_host(row[FILE], bound)
    try:
        return bound.target.file_path(check.model, bound.world.ids[subject], FILE)
    except CannotAssess:
        return ""


def _at_this_host(link: str, bound: Bound) -> str:
    parts = urlsplit(link)
    if parts.netloc and parts.netloc != bound.target.host:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _send(bound: Bound, path: str, principal: str) -> Exchange:
    headers = {} if principal == GUEST else {"Authorization": f"Bearer {bound.client.sign_in(principal)}"}
    request = Request("GET", path, principal, headers)
    return Exchange(request, bound.target.send(request))
