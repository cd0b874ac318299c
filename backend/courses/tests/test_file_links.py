"""Links to stored files: who is given one, what it opens, and when it ends (policy 4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from rest_framework.test import APIClient

from courses.file_links import LINK_SECONDS, link_to
from courses.models import Resource

from .world import World

ClientOf = Callable[[str], APIClient]


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def resource(world: World) -> Resource:
    """A premium resource with a file, on a lesson for everybody."""
    stored = world.lessons["guest"].resources.get(premium=True)
    stored.file.save("slides of ü.pdf", ContentFile(b"the slides"))
    return stored


def _link(client: APIClient, resource: Resource) -> str | None:
    answer = client.get(f"/api/lessons/{resource.lesson_id}/")
    shown = {row["id"]: row for row in answer.json()["premium_resources"]}
    link: str | None = shown.get(resource.pk, {}).get("file")
    return link


def _body(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)


def test_readers_are_given_a_link_that_works(client_of: ClientOf, resource: Resource) -> None:
    """Whoever may read a premium resource is given a link, and the link gives the file; others are given none."""
    link = _link(client_of("premium"), resource)
    assert link is not None

    answer = client_of("guest").get(link)

    assert (answer.status_code, _body(answer)) == (200, b"the slides")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    assert _link(client_of("registered"), resource) is None


@pytest.mark.parametrize(
    "query", ["", "?ends=1", "?ends=9999999999&signature=x", "?ends=later&signature=a:b:c"]
)
@pytest.mark.parametrize("who", ["guest", "premium", "staff"])
def test_plain_address_opens_to_nobody(who: str, query: str, client_of: ClientOf, resource: Resource) -> None:
    """Without a link's signature a file is not found, whoever asks and whether or not it is there."""
    plain = link_to(str(resource.file)).partition("?")[0]
    seen, missing = (client_of(who).get(path + query) for path in (plain, "/media/resources/none.pdf"))

    assert (seen.status_code, missing.status_code) == (404, 404)
    assert seen.content == missing.content


def test_a_link_opens_no_other_file(client_of: ClientOf, resource: Resource) -> None:
    """The signature of one file is worth nothing at another one's address."""
    other = link_to("resources/other.pdf").partition("?")[2]

    assert (
        client_of("premium").get(link_to(str(resource.file)).partition("?")[0] + "?" + other).status_code
        == 404
    )


def test_the_same_file_has_the_same_link(world: World) -> None:
    """Links that are given out at the same time are the same, so that answers can be compared and cached."""
    with time_machine.travel(datetime(2026, 5, 1, 12, 30, tzinfo=UTC), tick=False):
        first = link_to("resources/a.pdf")
    with time_machine.travel(datetime(2026, 5, 1, 12, 59, 59, tzinfo=UTC), tick=False):
        assert link_to("resources/a.pdf") == first


def test_a_link_ends(client_of: ClientOf, resource: Resource) -> None:
    """Two hours after it was given a link opens nothing, and it does not say a later end."""
    link = link_to(str(resource.file))

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2 * LINK_SECONDS), tick=True):
        assert client_of("guest").get(link).status_code == 404
        assert client_of("guest").get(link.replace("ends=1", "ends=9")).status_code == 404


def test_a_file_that_is_gone_is_not_found(client_of: ClientOf, resource: Resource) -> None:
    """A good link to a file that was deleted since is answered 404."""
    link = link_to(str(resource.file))
    resource.file.delete()

    assert client_of("guest").get(link).status_code == 404
