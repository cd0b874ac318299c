"""How routes outside of the contract are asked, with GET only, and what their answers break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coursegate.contracts.agreement import PREFIX
from coursegate.contracts.path_templates import filled, parameters_of
from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAssess, NotApplicable
from coursegate.harness.inventory import ANY, Route
from coursegate.harness.judging.universal import Asked, canaries_above
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.targets.guards import BUDGET
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.unsupported import declarations
from coursegate.harness.verdicts import NEEDS_SOURCE, Kind, Problem
from coursegate.suites.outside.cases import CANARIES, OutsideCheck

Seen = tuple[list[Exchange], list[Problem]]
# Each costs a request for each principal. The hundreds that some app brings along, Django's admin first, come last.
MOST_ROUTES = 600
# What a parameter is filled with, by a word in its name: something that is closed to those who ask.
_FILLED = {
    "course": "course-open",
    "resource": "resource-premium-on-guest-lesson",
    "user": "premium",
    "certificate": "certificate-registered",
    "": "lesson-premium",
}


def ask(check: OutsideCheck, bound: Bound) -> Seen:
    """Ask everything that the check is about; the exchange that breaks most comes last.

    Raises:
        CannotAssess: what is routed cannot be seen on this target, or is more than is asked, and nothing else is wrong.
        NotApplicable: there is nothing to ask.
    """
    return _canaries(check, bound) if check.about == CANARIES else _declared(bound)


def _canaries(check: OutsideCheck, bound: Bound) -> Seen:
    if not bound.target.abilities.reads_rows:
        raise CannotAssess(f"{NEEDS_SOURCE}: what is routed cannot be seen over HTTP")
    seen: list[Exchange] = []
    problems: list[Problem] = []
    paths = _rare_first(list(outside(bound)))
    for path in paths[:MOST_ROUTES]:
        headers = {}
        if check.principal != GUEST:
            headers["Authorization"] = f"Bearer {bound.client.sign_in(check.principal)}"
        request = Request("GET", _filled(path, bound), check.principal, headers)
        with bound.target.undone():
            exchange = Exchange(request, bound.target.send(request))
        asked = Asked(f"GET {path}", check.principal, bound.world, bound.contract.declassified)
        if found := list(canaries_above(exchange, asked)):
            problems += found
            seen.append(exchange)
        else:
            seen.insert(0, exchange)
    if not seen:
        raise NotApplicable("nothing is routed outside of the contract")
    if (unasked := paths[MOST_ROUTES:]) and not problems:
        below = Counter(f"/{path.split('/')[1]}/" for path in unasked)
        told = ", ".join(f"{count} below {place}" for place, count in below.most_common(3))
        raise CannotAssess(
            f"{BUDGET}: of {len(paths)} routes outside of the contract {MOST_ROUTES} were asked, and show nothing; "
            f"not asked were {len(unasked)}: {told}"
        )
    return seen, problems


def outside(bound: Bound) -> Iterator[str]:
    """The paths of the backend that no operation describes and that answer GET."""
    from coursegate.harness.targets.routes import routes  # a URLconf needs a Django that has started

    naming = naming_of(bound.agreement, bound.contract.api)
    described = [Route(said.method, said.path) for said in bound.contract.api.operations.values()]
    for route in routes():
        named = Route(route.method, naming.of_contract(route.path) or route.path)
        # Under another prefix, what begins as the contract's paths do is none of them.
        is_ours = naming.prefix == PREFIX or bool(naming.of_contract(route.path))
        if route.method in {"GET", ANY} and not (is_ours and any(named.meets(known) for known in described)):
            yield route.path


def _rare_first(paths: list[str]) -> list[str]:
    """Single pages before the hundreds that some app brings along below one address."""
    siblings = Counter(path.split("/")[1] for path in paths)
    return sorted(paths, key=lambda path: siblings[path.split("/")[1]])


def _filled(path: str, bound: Bound) -> str:
    def value(parameter: str) -> str:
        name = parameter.lower()
        subject = next(said for word, said in _FILLED.items() if word in name)
        known = bound.world.lookups.get(subject) or bound.world.lookups.get(_FILLED[""], {})
        return known.get("slug" if "slug" in name else "pk", "1")

    return filled(path, map(value, parameters_of(path)))


def _declared(bound: Bound) -> Seen:
    found = list(declarations(bound))
    if not found:
        raise NotApplicable("the team offers all that the contract describes, or says so")
    seen = [exchange for item in found for exchange in item.seen]
    if not seen:
        raise CannotAssess("needs-writes: nothing that is said not to be offered could be asked for")
    problems = [
        Problem(
            Kind.FORM,
            f"{item.operation} is said not to be offered ({item.reason}), but answers {_told(item.seen)}",
            f"{item.operation} is declared unsupported, and there",
        )
        for item in found
        if item.seen and not item.holds
    ]
    return seen, problems


def _told(seen: tuple[Exchange, ...]) -> str:
    return ", ".join(dict.fromkeys(f"{item.answer.summary} to {item.request.principal}" for item in seen))
