"""No request to any route ends in an error of the server, whoever sends it, whatever it says (CI-02)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from courses.models import Enrollment, Note, Review

from .world import World

Client = Callable[[str], APIClient]
PEOPLE = ("guest", "premium", "owner", "staff")
GARBAGE = ("0", "-1", "99999999999999999999", "no-such-thing", "%27%22;--", "%F0%9F%92%A9", "x" * 300)
PARAMETERS = """
    page page_size limit q type search ordering category category_id course module level min_price max_price
    is_featured as format
"""
QUERY = dict.fromkeys(PARAMETERS.split(), "-1e999'\"<x>")


def patterns(entries: Any, prefix: str = "") -> Iterator[str]:
    """Every route of the API with a placeholder for its parameter, without format suffixes."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and "format" not in str(entry.pattern):
            yield prefix + str(entry.pattern)


def address(pattern: str, value: object) -> str:
    """The pattern with its parameters replaced by the value."""
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", str(value), pattern.replace("^", "").replace("$", ""))
    return "/" + plain.replace("\\", "").replace("//", "/")


ROUTES = sorted({route for route in patterns(get_resolver().url_patterns) if route.startswith("api/")})


@pytest.fixture
def unlimited(settings: Any) -> None:
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    settings.SENSITIVE_API_THROTTLE_RATE = None


@pytest.fixture
def lived_in(world: World) -> World:
    """The world with rows of a learner."""
    learner = world.people["premium"]
    Enrollment.objects.create(user=learner, course=world.course)
    Note.objects.create(user=learner, lesson=world.lessons["guest"], content="A note")
    Review.objects.create(user=learner, course=world.course, rating=4, content="Ten characters.")
    return world


@pytest.mark.parametrize("who", PEOPLE)
def test_no_route_fails(who: str, lived_in: World, client_of: Client, unlimited: None) -> None:
    """GET, HEAD and OPTIONS of every route answer below 500, with and without nonsense in the query."""
    client = client_of(who)
    values = (lived_in.course.slug, lived_in.course.pk, lived_in.draft.slug)

    for route in ROUTES:
        for path in {address(route, value) for value in values}:
            for method in (client.get, client.head, client.options):
                assert method(path).status_code < 500, path
            assert client.get(path, QUERY).status_code < 500, path


@pytest.mark.parametrize("who", ["premium", "staff"])
def test_no_nonsense_for_an_id_fails(who: str, lived_in: World, client_of: Client, unlimited: None) -> None:
    """Ids that cannot be, in every route that takes one, answer below 500 on every method."""
    client = client_of(who)

    for route in ROUTES:
        for path in {address(route, value) for value in GARBAGE} - {address(route, "")}:
            for method in ("get", "put", "patch", "post", "delete"):
                answer = getattr(client, method)(path, None if method == "get" else {"items": 7})
                assert answer.status_code < 500, (method, path)
