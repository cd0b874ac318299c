"""Notes: whose they are, who reads them, private unless said otherwise (SER-10, policies 5, 6)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Note
from courses.serializers import LessonNotesUploadSerializer

from .world import EVERYBODY, PEOPLE, World

Client = Callable[[str], APIClient]
READERS_OF_SHARED = ("lapsed", "owner", "staff")


@pytest.fixture
def notes(world: World) -> dict[str, Note]:
    """Two notes of the lapsed learner on a premium lesson, one of them shared."""
    values = {"user": world.people["lapsed"], "lesson": world.lessons["premium"]}
    return {
        name: Note.objects.create(content=f"{name} words", is_private=name == "private", **values)
        for name in ("private", "shared")
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_authors_and_staff_read_notes_and_managers_of_students_the_shared_ones(
    who: str, notes: dict[str, Note], get: Any
) -> None:
    readable = {
        "private": who in ("lapsed", "staff"),
        "shared": who in READERS_OF_SHARED,
    }
    if who == "guest":
        assert get(who, "notes/").status_code == get(who, f"notes/{notes['shared'].pk}/").status_code == 401
        return

    listed = [row["content"] for row in get(who, "notes/").data]
    assert listed == [f"{name} words" for name in ("shared", "private") if readable[name]]
    for name, note in notes.items():
        assert get(who, f"notes/{note.pk}/").status_code == (200 if readable[name] else 404)


@pytest.mark.parametrize("who", PEOPLE)
def test_only_the_author_writes_a_note(who: str, notes: dict[str, Note], client_of: Client) -> None:
    path = f"/api/notes/{notes['shared'].pk}/"
    expected = {"lapsed": (200, 204), "owner": (403, 403), "staff": (403, 403)}.get(who, (404, 404))

    edited = client_of(who).patch(path, {"content": "Rewritten"})
    deleted = client_of(who).delete(path)

    assert (edited.status_code, deleted.status_code) == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_a_note_is_taken_where_the_lesson_is_open_and_else_like_a_missing_one(
    who: str, world: World, client_of: Client
) -> None:
    openings = {
        "guest": PEOPLE,
        "preview": PEOPLE,
        "premium": ("premium", "owner", "assistant", "peer", "staff"),
        "hidden": ("owner", "assistant", "staff"),
        "draft": ("owner", "assistant", "staff"),
    }
    client = client_of(who)
    missing = client.post("/api/notes/", {"lesson_id": 999_999, "content": "Words"})
    assert missing.status_code == 400
    for name, writers in openings.items():
        lesson_id = world.lessons[name].pk
        answer = client.post("/api/notes/", {"lesson_id": lesson_id, "content": "Words"})
        if who in writers:
            assert (answer.status_code, answer.data["lesson"]["id"]) == (201, lesson_id)
            assert answer.data["lesson"]["is_restricted"] is False
        else:
            text = answer.content.decode().replace(str(lesson_id), "#")
            assert (answer.status_code, text) == (400, missing.content.decode().replace("999999", "#"))


@pytest.mark.parametrize("form", ["json", "multipart"])
def test_a_note_is_private_unless_its_author_says_otherwise(
    form: str, world: World, client_of: Client
) -> None:
    client, lesson = client_of("registered"), world.lessons["guest"].pk
    body = {"lesson_id": lesson, "content": "Words"}
    silent = client.post("/api/notes/", body, format=form)
    shared = client.post("/api/notes/", {**body, "is_private": "false"}, format=form)
    assert (silent.data["is_private"], shared.data["is_private"]) == (True, False)

    path = f"/api/notes/{shared.data['id']}/"
    assert client.put(path, {"content": "Other words"}, format=form).data["is_private"] is False
    assert client.patch(path, {"is_private": "true"}, format=form).data["is_private"] is True
    assert client.patch(path, {"is_private": "false"}, format=form).data["is_private"] is False


def test_an_uploaded_note_is_private_unless_said_otherwise() -> None:
    for value, expected in (({}, True), ({"is_private": True}, True), ({"is_private": False}, False)):
        serializer = LessonNotesUploadSerializer(data={"content": "Words", **value})
        assert serializer.is_valid(), serializer.errors
        assert serializer.validated_data["is_private"] is expected


def test_the_lesson_inside_a_note_obeys_its_own_gate(
    world: World, notes: dict[str, Note], client_of: Client, get: Any
) -> None:
    note = notes["private"]
    locked = get("lapsed", f"notes/{note.pk}/").data["lesson"]
    assert (locked["is_restricted"], locked["title"]) == (True, "Lesson premium")
    assert get("staff", f"notes/{note.pk}/").data["lesson"]["content"] == "content-of-premium"
    assert b"content-of" not in client_of("lapsed").patch(f"/api/notes/{note.pk}/", {"tags": ["a"]}).content

    world.module.unpublish()
    withdrawn = get("lapsed", f"notes/{note.pk}/").data["lesson"]
    assert withdrawn["id"] == world.lessons["premium"].pk
    assert [name for name, value in withdrawn.items() if "-of-premium" in str(value)] == []


def test_a_note_stays_with_its_author_and_lesson(
    world: World, notes: dict[str, Note], client_of: Client
) -> None:
    note = notes["private"]
    changes = {
        "user": world.people["registered"].pk,
        "lesson_id": world.lessons["guest"].pk,
        "content": "New",
    }
    answer = client_of("lapsed").patch(f"/api/notes/{note.pk}/", changes)

    note.refresh_from_db()
    assert (answer.status_code, note.content) == (200, "New")
    assert (note.user, note.lesson) == (world.people["lapsed"], world.lessons["premium"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "Words"}, "lesson_id"),
        ({"content": "", "lesson_id": 1}, "content"),
        ({"content": "<script>x</script>", "lesson_id": 1}, "content"),
        ({"content": "Words", "lesson_id": 1e400}, "lesson_id"),
        ({"content": "Words", "lesson_id": "9" * 40}, "lesson_id"),
        ({"content": "Words", "lesson_id": 1, "tags": "no list"}, "tags"),
        ({"content": "Words", "lesson_id": 1, "tags": ["<script>x</script>"]}, "tags"),
        ({"content": "Words", "lesson_id": 1, "is_private": "perhaps"}, "is_private"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused_by_field(
    body: dict[str, Any], field: str, world: World, client_of: Client
) -> None:
    if body.get("lesson_id") == 1:
        body = {**body, "lesson_id": world.lessons["guest"].pk}
    text = str(body).replace("'", '"').replace("inf", "1e400")
    answer = client_of("registered").post("/api/notes/", text, content_type="application/json")

    assert (answer.status_code, list(answer.data)) == (400, [field])


@pytest.mark.parametrize("who", ["lapsed", "staff"])
def test_the_list_of_notes_takes_the_same_queries_for_more_of_them(
    who: str, world: World, notes: dict[str, Note], get: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(get(who, "notes/").data) == Note.objects.count()
        return len(captured)

    Note.objects.create(user=world.people["lapsed"], lesson=world.lessons["guest"], content="Open")
    queries()  # signs in
    few = queries()
    for lesson in world.lessons.values():
        Note.objects.create(user=world.people["lapsed"], lesson=lesson, content="More")
    assert queries() == few


def test_notes_are_narrowed_by_lesson_and_course(
    world: World, notes: dict[str, Note], client_of: Client
) -> None:
    Note.objects.create(user=world.people["lapsed"], lesson=world.lessons["draft"], content="Elsewhere")
    client = client_of("lapsed")

    assert len(client.get("/api/notes/").data) == 3
    assert len(client.get(f"/api/notes/?course={world.course.slug}").data) == 2
    assert len(client.get(f"/api/notes/?lesson={world.lessons['draft'].pk}").data) == 1
    assert client.get("/api/notes/?lesson=x").status_code == 400
