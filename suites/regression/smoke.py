"""`courses/**`: no request ends in an error of the server, whoever sends it; one that has to tells nothing of the inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from coursegate.contracts.differences.documents import described, key_of
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.views_public_version import served_schema

PEOPLE = {name: {"principal": name} for name in ("guest", "registered", "owner", "staff")}
GARBAGE_KEYS = ("-1", "99999999999999999999999999", "no-such-thing", "'\";--", "\N{PILE OF POO}", "x" * 300)
PARAMETERS = (
    *(
        "page",
        "page_size",
        "limit",
        "q",
        "type",
        "search",
        "ordering",
        "category",
        "course",
        "module",
        "level",
    ),
    *("min_price", "max_price", "is_featured", "format", "lesson", "status"),
)
GARBAGE_VALUES = ("-1e999<x>", "\0%")


def _paths(on: Probe) -> Iterator[tuple[str, str, str]]:
    """Every path of the contract: with the key of an object of the world, without one, and the parameter it has."""
    cells = samples(on.contract)
    seen = set()
    for operation in on.contract.api.operations.values():
        if operation.path in seen:
            continue
        seen.add(operation.path)
        key = operation.missing
        if operation.lookup and operation.id in cells:
            key = on.world.lookups.get(cells[operation.id].subject, {}).get(operation.attribute, key)
        yield operation.path_for(key), operation.path, operation.lookup


def _broken(answer: Answer, what: str) -> list[str]:
    if answer.status < 500 and not answer.hang:
        return []
    told = f": {answer.error.exception} at {answer.error.place}" if answer.error else ""
    return [f"{what} answers {answer.summary}{told}"]


def _ask(on: Probe, method: str, path: str, principal: str) -> Answer:
    """The answer to a request that may mean nothing. Below 500 it is not held against the contract: that describes answers
    to sensible requests, and what is wrong with those is no error of the server.
    """
    answer = on.ask(method, path, by=principal)
    if answer.status < 500 and not answer.hang:
        on.disregard()
    return answer


@finding("CI-02", needs="http", kind=Kind.ERROR, cases=PEOPLE)
def no_path_answers_with_an_error_of_the_server(on: Probe, principal: str) -> None:
    """GET and OPTIONS of every path, for objects that exist, are answered without an error of the server."""
    broken: list[str] = []
    answered = 0
    for path, _, _ in _paths(on):
        for method in ("GET", "OPTIONS"):
            answer = _ask(on, method, path, principal)
            broken += _broken(answer, f"{method} {path}")
            answered += answer.status == 200
    if not answered and not broken:
        raise CannotAsk("no path answers anything: the API is somewhere else")

    assert broken == []


@finding("CI-02", needs="http", kind=Kind.ERROR, cases=PEOPLE)
def keys_that_never_were_are_not_stumbled_over(on: Probe, principal: str) -> None:
    """Whatever stands in a path where a key is expected, the answer is no error of the server."""
    # Each asks a part of them, so that all are asked, by people with much and with little to see.
    keys = GARBAGE_KEYS[list(PEOPLE).index(principal) % 2 :: 2]
    broken: list[str] = []
    for _, path, lookup in _paths(on):
        for key in keys if lookup else ():
            asked = path.replace("{" + lookup + "}", quote(key, safe=""))
            broken += _broken(_ask(on, "GET", asked, principal), f"GET {path} for {key[:30]!r}")

    assert broken == []


@finding(
    "CI-02", needs="http", kind=Kind.ERROR, cases={name: {"principal": name} for name in ("guest", "staff")}
)
def parameters_that_mean_nothing_are_not_stumbled_over(on: Probe, principal: str) -> None:
    """Each parameter by itself, with a value that means nothing, is answered without an error of the server."""
    broken: list[str] = []
    asked = 0
    served = described(served_schema(on))
    for path, template, lookup in _paths(on):
        # Of one object those are asked that the backend says it takes; of a list, those that lists have, too.
        said = served.get(key_of("GET", template))
        taken = {name for place, name in said.parameters if place == "query"} if said else set()
        own = sorted(taken - set(PARAMETERS))
        names = own if lookup else [*PARAMETERS, *own]
        if not names or _ask(on, "GET", path, principal).status not in {200, 400}:
            continue  # what is refused as a whole looks at no parameter
        for number, name in enumerate(names):
            # A null byte may be refused before anybody looks at it: who is asked once is asked the other.
            query = f"{name}={quote(GARBAGE_VALUES[0 if name in own else number % 2])}"
            # A search without a term looks at nothing else.
            path_asked = f"{path}?{query}" if name == "q" else f"{path}?{query}&q=course"
            broken += _broken(_ask(on, "GET", path_asked, principal), f"GET {path}?{query}")
            asked += 1
    if not asked:
        raise CannotAsk("no list answers anything: the API is somewhere else")

    assert broken == []


@finding("CI-02")
def the_deployment_check_has_no_error(_on: Probe) -> None:
    """Django's own checks, those for a deployment included, find no error."""
    from django.core import checks

    found = checks.run_checks(include_deployment_checks=True)

    serious = [item for item in found if item.level >= checks.ERROR and not item.is_silenced()]
    assert [f"{item.id}: {item.msg}" for item in serious] == []


# What an error is about and a stranger must not read: a statement, a place, somebody's address.
INSIDE = "relation coursegate_inside on host db-7.internal, Key (email)=(somebody-else@example.test)"
TOLD = ("coursegate_inside", "db-7.internal", "somebody-else@example.test", "UnheardOfError")
FAILING: dict[str, dict[str, Any]] = {
    "list": {"operation": "courses.list", "verb": "SELECT", "model": "courses.Course"},
    "one": {"operation": "courses.retrieve", "verb": "SELECT", "model": "courses.Course"},
    "lesson": {"operation": "lessons.retrieve", "verb": "SELECT", "model": "courses.Lesson"},
    "own": {"operation": "enrollments.list", "verb": "SELECT", "model": "courses.Enrollment"},
    "write": {"operation": "notes.create", "verb": "INSERT", "model": "courses.Note"},
}


@finding("CI-02", "VIEW-12", writes=True, kind=Kind.LEAK, cases=FAILING)
def an_error_of_the_inside_is_not_told(on: Probe, operation: str, verb: str, model: str) -> None:
    """When something inside fails, the answer tells neither what it was nor what it said, whatever kind of error it is."""
    request = on.sample(operation)
    with on.target.undone():
        whole = on.target.send(request)
    if whole.status not in {200, 201}:
        raise CannotAsk(f"{request.method} {request.path} answers {whole.summary} when nothing fails")

    table = f'"{on.model(model)._meta.db_table}"'
    for problem in _problems():
        with on.target.undone():
            on.target.clear_caches()
            with failing_statement(1, lambda sql: sql.startswith(verb) and table in sql, problem) as sent:
                answer = on.target.send(request)
        if not sent:
            raise NotApplicable(f"nothing is sent to the table of {model}")
        said = f"{answer.text} {dict(answer.headers)}"
        told = [word for word in (*TOLD, type(problem).__name__) if word in said]
        assert told == [], (
            f"{type(problem).__name__} is answered {answer.summary}, which tells {', '.join(told)}"
        )


def _problems() -> list[Exception]:
    """An error that nobody has heard of, and those of a database: each may be caught by itself."""
    from django.db import DatabaseError, IntegrityError, OperationalError

    class UnheardOfError(Exception):
        pass

    return [kind(INSIDE) for kind in (UnheardOfError, DatabaseError, IntegrityError, OperationalError)]
