"""Progress: learners write their own where the lesson is open to them; who reads it; what it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Enrollment, Progress

from .world import EVERYBODY, World

Client = Callable[[str], APIClient]
OPEN = {
    "registered": {"guest", "registered", "preview"},
    "lapsed": {"guest", "registered", "preview"},
    "premium": {"guest", "registered", "premium", "enterprise", "preview"},
}


@pytest.fixture
def enrolled(world: World) -> dict[str, Enrollment]:
    """A current enrolment of each paying and non-paying learner."""
    return {who: Enrollment.objects.create(user=world.people[who], course=world.course) for who in OPEN}


def row_of(enrollment: Enrollment, world: World, name: str) -> Progress:
    return enrollment.progress.get(lesson=world.lessons[name])


# --- writing by lesson --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OPEN)
def test_progress_is_written_in_open_lessons_and_nowhere_else(
    who: str, enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    client = client_of(who)
    missing = client.post("/api/progress/", {"lesson_id": 999999, "is_completed": True})
    assert (missing.status_code, list(missing.data)) == (400, ["lesson_id"])

    for name, lesson in world.lessons.items():
        answer = client.post("/api/progress/", {"lesson_id": lesson.pk, "is_completed": True})
        if name in OPEN[who]:
            assert answer.status_code == 200, answer.content
            assert (answer.data["is_completed"], answer.data["progress_percentage"]) == (True, 100)
            assert (answer.data["lesson"]["id"], answer.data["lesson"]["is_completed"]) == (lesson.pk, True)
        else:
            refused = answer.content.replace(str(lesson.pk).encode(), b"999999")
            assert (answer.status_code, refused) == (400, missing.content)

    done = enrolled[who].progress.filter(is_completed=True)
    assert {row.lesson_id for row in done} == {world.lessons[name].pk for name in OPEN[who]}


@pytest.mark.parametrize("status", [None, "unenrolled", "suspended"])
def test_who_is_not_in_the_course_writes_nothing(status: str | None, world: World, client_of: Client) -> None:
    if status:
        Enrollment.objects.create(user=world.people["registered"], course=world.course, status=status)
    body = {"lesson_id": world.lessons["guest"].pk}

    answer = client_of("registered").post("/api/progress/", body)

    assert (answer.status_code, list(answer.data)) == (400, ["lesson_id"])
    assert not Progress.objects.exists()


def test_a_missing_row_is_made_and_an_existing_one_keeps_what_is_not_sent(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    lesson, client = world.lessons["guest"], client_of("registered")
    row_of(enrolled["registered"], world, "guest").delete()

    first = client.post("/api/progress/", {"lesson_id": lesson.pk, "time_spent": 30, "notes": "Mine"})
    second = client.post("/api/progress/", {"lesson_id": lesson.pk, "progress_percentage": 40})

    assert (first.status_code, second.status_code) == (201, 200)
    assert (second.data["id"], second.data["time_spent"], second.data["notes"]) == (
        first.data["id"],
        30,
        "Mine",
    )
    assert second.data["progress_percentage"] == 40
    standing = client.get(f"/api/enrollments/{enrolled['registered'].pk}/").data
    assert standing["total_time_spent"] == 30
    assert standing["last_accessed"] is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_spent", -1),
        ("time_spent", 10**12),
        ("progress_percentage", 101),
        ("progress_percentage", "x"),
        ("is_completed", None),
        ("is_completed", "perhaps"),
        ("notes", "<script>steal()</script>"),
        ("notes", "x" * 10_001),
    ],
)
def test_impossible_values_are_refused(
    field: str, value: Any, enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    row = row_of(enrolled["registered"], world, "guest")
    by_lesson = client_of("registered").post("/api/progress/", {"lesson_id": row.lesson_id, field: value})
    by_row = client_of("registered").patch(f"/api/progress/{row.pk}/", {field: value})

    assert (by_lesson.status_code, list(by_lesson.data)) == (400, [field])
    assert (by_row.status_code, list(by_row.data)) == (400, [field])


# --- one row ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_row_is_read_by_whom_it_concerns_and_written_by_its_learner(
    who: str, enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    row, client = row_of(enrolled["registered"], world, "guest"), client_of(who)
    path = f"/api/progress/{row.pk}/"

    reads = 401 if who == "guest" else 200 if who in ("registered", "owner", "staff") else 404
    assert client.get(path).status_code == reads
    writes = {"registered": 200}.get(who, 403 if reads == 200 else reads)
    assert client.patch(path, {"time_spent": 5}).status_code == writes
    assert client.put(path, {"time_spent": 6}).status_code == writes
    row.refresh_from_db()
    assert row.time_spent == (6 if who == "registered" else 0)
    assert client.delete(path).status_code == (204 if who == "registered" else writes)
    assert Progress.objects.filter(pk=row.pk).exists() is (who != "registered")


@pytest.mark.parametrize("who", ["registered", "premium", "owner", "peer", "staff"])
def test_a_list_holds_the_readable_rows(who: str, enrolled: dict[str, Enrollment], client_of: Client) -> None:
    everything = Progress.objects.count()
    expected = {"owner": everything, "staff": everything, "peer": 0}.get(who, 6)

    assert len(client_of(who).get("/api/progress/").data) == expected


def test_a_lesson_locked_since_stays_in_its_row_without_what_is_sold(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    row = row_of(enrolled["lapsed"], world, "premium")
    client, path = client_of("lapsed"), f"/api/progress/{row.pk}/"
    shown = client.get(path)

    assert shown.status_code == 200
    assert shown.data["lesson"]["is_restricted"] is True
    assert "content-of-premium" not in shown.content.decode()
    missing = client.patch("/api/progress/999999/", {"time_spent": 1})
    for refused in (client.patch(path, {"time_spent": 1}), client.put(path, {}), client.delete(path)):
        assert (refused.status_code, refused.content) == (404, missing.content)


@pytest.mark.parametrize("withdrawn", ["module", "course"])
def test_a_withdrawn_lesson_keeps_its_texts_to_itself(
    withdrawn: str, enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    row = row_of(enrolled["registered"], world, "guest")
    getattr(world, withdrawn).unpublish()
    client, path = client_of("registered"), f"/api/progress/{row.pk}/"

    shown = client.get(path)
    assert shown.status_code == 200
    texts = ("Lesson guest", "content-of", "copy-of", "transcript-of")
    assert not any(word in shown.content.decode() for word in texts)
    assert client.patch(path, {"is_completed": True}).status_code == 404


def test_what_a_row_is_about_never_changes(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    row = row_of(enrolled["registered"], world, "guest")
    body = {
        "lesson_id": world.lessons["registered"].pk,
        "lesson": world.lessons["registered"].pk,
        "enrollment": enrolled["premium"].pk,
        "completed_date": "2001-01-01T00:00:00Z",
    }
    assert client_of("registered").patch(f"/api/progress/{row.pk}/", body).status_code == 200

    after = Progress.objects.get(pk=row.pk)
    assert (after.lesson_id, after.enrollment_id) == (row.lesson_id, row.enrollment_id)
    assert after.completed_date is None


def test_a_completion_can_be_taken_back(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    path = f"/api/progress/{row_of(enrolled['registered'], world, 'guest').pk}/"
    client = client_of("registered")
    done = client.patch(path, {"is_completed": True}).data
    undone = client.patch(path, {"is_completed": False}).data

    assert (done["progress_percentage"], done["completed_date"] is None) == (100, False)
    assert (undone["progress_percentage"], undone["completed_date"]) == (0, None)
    standing = client.get(f"/api/enrollments/{enrolled['registered'].pk}/").data
    assert standing["progress_summary"]["completed_lessons"] == 0


# --- a course as a whole ------------------------------------------------------------------------------------


def test_ones_standing_in_a_course_adds_up(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    client = client_of("registered")
    client.post(
        "/api/progress/", {"lesson_id": world.lessons["guest"].pk, "is_completed": True, "time_spent": 9}
    )

    answer = client.get(f"/api/courses/{world.course.slug}/progress/")

    assert answer.status_code == 200, answer.content
    assert answer.data["course"]["slug"] == world.course.slug
    assert answer.data["enrollment"]["id"] == enrolled["registered"].pk
    assert [row["lesson"]["title"] for row in answer.data["progress"]][:2] == [
        "Lesson guest",
        "Lesson registered",
    ]
    totals = ("total_lessons", "completed_lessons", "progress_percentage", "total_time_spent")
    assert [answer.data[name] for name in totals] == [6, 1, 16, 9]


def test_a_course_one_is_not_in_is_not_found(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    path = f"/api/courses/{world.course.slug}/progress/"
    missing = client_of("staff").get("/api/courses/no-such-course/progress/")

    assert client_of("guest").get(path).status_code == 401
    for who in ("peer", "owner", "staff"):
        answer = client_of(who).get(path)
        assert (answer.status_code, answer.content) == (404, missing.content)


def test_lists_take_the_same_number_of_queries_however_long(
    enrolled: dict[str, Enrollment], world: World, client_of: Client
) -> None:
    paths = ("/api/progress/", f"/api/courses/{world.course.slug}/progress/")
    client = client_of("registered")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    many = [queries(path) for path in paths]
    Progress.objects.exclude(lesson=world.lessons["guest"]).delete()

    assert [queries(path) for path in paths] == many
