"""`courses/**`: no request ends in an error of the server, whoever sends it and whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

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
GARBAGE_QUERIES = (
    "&".join(f"{name}={quote('-1e999<x>')}" for name in PARAMETERS),
    "&".join(f"{name}={quote(chr(0) + '%')}" for name in PARAMETERS),
)


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
        yield operation.path.replace("{" + operation.lookup + "}", key), operation.path, operation.lookup


def _broken(answer: Answer, what: str) -> list[str]:
    if answer.status < 500 and not answer.hang:
        return []
    told = f": {answer.error.exception} at {answer.error.place}" if answer.error else ""
    return [f"{what} answers {answer.summary}{told}"]


@finding("CI-02", needs="http", kind=Kind.ERROR, cases=PEOPLE)
def no_path_answers_with_an_error_of_the_server(on: Probe, principal: str) -> None:
    """GET and OPTIONS of every path, for objects that exist, are answered without an error of the server."""
    broken: list[str] = []
    answered = 0
    for path, _, _ in _paths(on):
        for method in ("GET", "OPTIONS"):
            answer = on.ask(method, path, by=principal)
            broken += _broken(answer, f"{method} {path}")
            answered += answer.status == 200
    if not answered and not broken:
        raise CannotAsk("no path answers anything: the API is somewhere else")

    assert broken == []


@finding("CI-02", needs="http", kind=Kind.ERROR, cases=PEOPLE)
def garbage_is_refused_not_stumbled_over(on: Probe, principal: str) -> None:
    """Parameters that mean nothing, and keys that never were, are answered without an error of the server."""
    # Each asks half of it, so that every kind of garbage is sent by somebody with much and somebody with little to see.
    half = list(PEOPLE).index(principal) % 2
    broken: list[str] = []
    for path, plain, lookup in _paths(on):
        for query in GARBAGE_QUERIES[half::2]:
            broken += _broken(
                on.ask("GET", f"{path}?{query}", by=principal), f"GET {path} with garbage parameters"
            )
        for key in GARBAGE_KEYS[half::2] if lookup else ():
            bad = plain.replace("{" + lookup + "}", quote(key, safe=""))
            broken += _broken(on.ask("GET", bad, by=principal), f"GET {plain} for {key[:30]!r}")

    assert broken == []


@finding("CI-02")
def the_deployment_check_has_no_error(_on: Probe) -> None:
    """Django's own checks, those for a deployment included, find no error."""
    from django.core import checks

    found = checks.run_checks(include_deployment_checks=True)

    serious = [item for item in found if item.level >= checks.ERROR and not item.is_silenced()]
    assert [f"{item.id}: {item.msg}" for item in serious] == []
