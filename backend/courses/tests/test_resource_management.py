"""Resources of lessons: who adds and deletes them, what is refused, what happens to the files (STO-02, SER-05)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from rest_framework.test import APIClient

from courses.models import Resource

from .world import EVERYBODY, World

ClientOf = Callable[[str], APIClient]
LINK = {"title": "A link", "type": "link", "url": "https://example.org/page"}
KEY = "resources/0123456789abcdef.pdf"
STORED = {"title": "An object", "type": "document", "storage_key": KEY}


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def path(world: World) -> str:
    """Where resources of a lesson are added."""
    return f"/api/instructor/lessons/{world.lessons['guest'].pk}/resources/"


def pdf(name: str = "slides.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 slides", content_type=content_type)


@pytest.mark.parametrize("who", EVERYBODY)
def test_editors_add_and_delete(who: str, path: str, world: World, client_of: ClientOf) -> None:
    """Editors add and delete resources; other teachers of the course may not, nobody else finds the lesson."""
    client, existing = client_of(who), world.lessons["guest"].resources.earliest("order")
    added = client.post(path, LINK)
    deleted = client.delete(f"/api/instructor/resources/{existing.pk}/")
    missing = client.post("/api/instructor/lessons/999999/resources/", LINK)

    refused = {"guest": 401, "assistant": 403}.get(who, 404)
    allowed = who in ("owner", "staff")
    assert added.status_code == (201 if allowed else refused), added.content
    assert deleted.status_code == (204 if allowed else refused)
    assert Resource.objects.filter(pk=existing.pk).exists() is not allowed
    if refused == 404 and not allowed:
        assert added.content == missing.content
    if allowed:
        assert LINK.items() <= added.data.items()
        assert (added.data["order"], added.data["lesson"]) == (3, world.lessons["guest"].pk)
        assert (added.data["file_size"], added.data["format_file_size"]) == (None, None)


def test_a_file_comes_by_form(path: str, client_of: ClientOf) -> None:
    """An uploaded file gives size and type itself, whatever the sender says, and no name but a drawn one."""
    payload = {"title": "Slides", "type": "document", "file": pdf(), "file_size": 99}
    answer = client_of("owner").post(path, payload, format="multipart")

    assert answer.status_code == 201, answer.content
    assert (answer.data["file_size"], answer.data["mime_type"]) == (15, "application/pdf")
    assert answer.data["uploaded"] is True
    assert "slides" not in answer.data["file"]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({**LINK, "file_size": -1}, "file_size"),
        ({**LINK, "duration_minutes": -1}, "duration_minutes"),
        ({**LINK, "order": 1}, "order"),
        ({**LINK, "url": "javascript:steal()"}, "url"),
        ({**LINK, "url": ""}, "url"),
        ({**LINK, "type": "unheard_of"}, "type"),
        ({**LINK, "title": "<script>steal()</script>"}, "title"),
        ({"type": "link", "url": "https://example.org"}, "title"),
        ({"title": "Nothing", "type": "document"}, "file"),
        ({**STORED, "storage_key": "../settings.py"}, "storage_key"),
        ({**STORED, "storage_key": "courses/resources/other.pdf"}, "storage_key"),
        ({**LINK, "file": "no file"}, "file"),
    ],
)
def test_what_makes_no_sense_is_refused(payload: Any, field: str, path: str, client_of: ClientOf) -> None:
    """A wrong field is 400 under its name, and nothing is added."""
    before = Resource.objects.count()
    answer = client_of("owner").post(path, payload)

    assert (answer.status_code, list(answer.data)) == (400, [field]), answer.content
    assert Resource.objects.count() == before


@pytest.mark.parametrize(
    ("kind", "upload"),
    [
        ("document", pdf("run.exe")),
        ("document", pdf("page.html", "text/html")),
        ("document", pdf("slides.pdf", "text/html")),
        ("image", pdf("picture.png", "image/png")),
        ("video", pdf()),
        ("archive", pdf("tool.php.zip", "application/zip")),
        ("document", SimpleUploadedFile("empty.pdf", b"", content_type="application/pdf")),
    ],
)
def test_dangerous_files_are_refused(kind: str, upload: Any, path: str, client_of: ClientOf) -> None:
    """Runnable, mislabelled, hidden and empty files are 400, and nothing is stored."""
    upload.seek(0)
    answer = client_of("owner").post(
        path, {"title": "A file", "type": kind, "file": upload}, format="multipart"
    )

    assert (answer.status_code, list(answer.data)) == (400, ["file"]), answer.content
    assert not default_storage.exists("courses")


def test_a_stored_object_belongs_to_one_resource(path: str, client_of: ClientOf) -> None:
    """A storage key is taken once: whoever deletes the resource deletes the object."""
    first, second = client_of("owner").post(path, STORED), client_of("owner").post(path, STORED)

    assert (first.status_code, first.data["uploaded"]) == (201, False)
    assert (second.status_code, list(second.data)) == (400, ["storage_key"])


@pytest.mark.parametrize("provider", ["s3", "gcs", "unheard_of"])
def test_without_credentials_files_wait_and_links_do_not(
    provider: str, path: str, world: World, client_of: ClientOf, settings: Any
) -> None:
    """A storage without credentials is 503 for files, nothing is written; the next request finds them."""
    settings.CLOUD_STORAGE_PROVIDER = provider
    client, before = client_of("owner"), Resource.objects.count()
    stored = Resource.objects.create(lesson=world.lessons["premium"], title="Held", **_object())

    answers = [
        client.post(path, STORED),
        client.post(path, {"title": "Slides", "type": "document", "file": pdf()}, format="multipart"),
        client.delete(f"/api/instructor/resources/{stored.pk}/"),
    ]
    link = client.post(path, LINK)

    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(set(answer.data) == {"detail"} for answer in answers)
    assert "credentials" not in answers[0].content.decode()
    assert (link.status_code, Resource.objects.count()) == (201, before + 2)
    settings.CLOUD_STORAGE_PROVIDER = "local"
    assert client.post(path, STORED).status_code == 201
    assert client.delete(f"/api/instructor/resources/{stored.pk}/").status_code == 204


def _object() -> dict[str, str]:
    return {"type": "document", "storage_key": "resources/held.pdf"}


@pytest.mark.parametrize("way", ["resource", "lesson", "course"])
def test_files_go_with_their_resource(
    way: str, world: World, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    """A deleted resource takes its file and its stored object along, however it is deleted, once committed."""
    lesson = world.lessons["draft"]
    key = default_storage.save("resources/object.pdf", pdf())
    stored = Resource.objects.create(lesson=lesson, title="Stored", type="document", storage_key=key)
    uploaded = Resource.objects.create(lesson=lesson, title="Uploaded", type="document", file=pdf())
    name = str(uploaded.file.name)
    paths = {
        "resource": [f"resources/{row.pk}/" for row in (stored, uploaded)],
        "lesson": [f"draft-lessons/{lesson.pk}/"],
        "course": [f"draft-courses/{world.draft.slug}/"],
    }

    for path in paths[way]:
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            assert client_of("owner").delete(f"/api/instructor/{path}").status_code == 204
        assert callbacks
        for callback in callbacks:
            callback()

    assert not default_storage.exists(key)
    assert not default_storage.exists(name)


def test_an_undone_deletion_keeps_the_file(world: World, django_capture_on_commit_callbacks: Any) -> None:
    """A deletion that is rolled back, and a resource that a clone shares, leave the file in its place."""
    key = default_storage.save("resources/object.pdf", pdf())
    values = {"title": "Stored", "type": "document", "storage_key": key}
    original = Resource.objects.create(lesson=world.lessons["draft"], **values)
    Resource.objects.create(lesson=world.lessons["hidden"], **values)

    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            Resource.objects.get(pk=original.pk).delete()
            transaction.set_rollback(True)
        assert default_storage.exists(key)
        original.delete()

    assert default_storage.exists(key)
