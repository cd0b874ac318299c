"""Enrolments: who may enrol in what, who reads and ends them, what leaving takes away."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.learning import enrolling
from courses.models import Certificate, Course, Enrollment

from .world import EVERYBODY, PEOPLE, World, make_course

Client = Callable[[str], APIClient]
LEARNERS_ROW = "registered"


@pytest.fixture
def enrollment(world: World) -> Enrollment:
    """The registered learner's enrolment in the published course."""
    return Enrollment.objects.create(user=world.people[LEARNERS_ROW], course=world.course)


def placeholder(answer: Any, key: Any) -> bytes:
    return bytes(answer.content).replace(str(key).encode(), b"#")


# --- enrolling ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["guest", "registered", "lapsed", "owner", "staff"])
@pytest.mark.parametrize("way", ["list", "action", "view"])
def test_everybody_with_an_account_enrols_once(way: str, who: str, world: World, client_of: Client) -> None:
    slug = world.course.slug
    path, body = {
        "list": ("/api/enrollments/", {"course_id": world.course.pk}),
        "action": (f"/api/courses/{slug}/enroll/", {}),
        "view": (f"/api/courses/{slug}/enrollment/", {}),
    }[way]
    first, second = (client_of(who).post(path, body) for _ in range(2))

    if who == "guest":
        assert (first.status_code, Enrollment.objects.count()) == (401, 0)
        return
    assert first.status_code == 201, first.content
    assert (first.data["status"], first.data["course"]["slug"]) == ("active", slug)
    assert first.data["course"]["is_enrolled"] is True
    assert first.data["progress_summary"] == {"completed_lessons": 0, "total_lessons": 6, "percentage": 0}
    assert second.status_code == 400
    assert list(second.data) == ["course_id" if way == "list" else "detail"]
    assert Enrollment.objects.get().user == world.people[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_a_draft_is_refused_like_a_missing_course(who: str, world: World, client_of: Client) -> None:
    client, slug = client_of(who), world.draft.slug
    by_id = client.post("/api/enrollments/", {"course_id": world.draft.pk})
    missing = client.post("/api/enrollments/", {"course_id": 999999})

    assert missing.status_code == 400
    if who in ("owner", "assistant", "staff"):
        assert by_id.status_code == 201
        return
    assert by_id.status_code == 400
    assert placeholder(by_id, world.draft.pk) == placeholder(missing, 999999)
    for path in ("enroll", "enrollment"):
        hidden = client.post(f"/api/courses/{slug}/{path}/")
        nothing = client.post(f"/api/courses/no-such-course/{path}/")
        assert (hidden.status_code, hidden.content) == (404, nothing.content)
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("key", [None, "x", True, -1, 10**30, [], {}, 1.5])
def test_nonsense_is_refused(key: Any, world: World, client_of: Client) -> None:
    answer = client_of("registered").post("/api/enrollments/", {"course_id": key})

    assert (answer.status_code, list(answer.data)) == (400, ["course_id"])


def test_nothing_but_the_course_is_written(world: World, client_of: Client) -> None:
    answer = client_of("registered").post(
        "/api/enrollments/",
        {
            "course_id": world.course.pk,
            "user": world.people["premium"].pk,
            "status": "completed",
            "progress_percentage": 100,
            "total_time_spent": 999,
            "completion_date": "2001-01-01T00:00:00Z",
        },
    )

    row = Enrollment.objects.get(pk=answer.data["id"])
    assert (row.user, row.status, row.progress_percentage) == (world.people["registered"], "active", 0)
    assert (row.total_time_spent, row.completion_date) == (0, None)


def test_a_simultaneous_attempt_is_told_it_came_second(world: World, monkeypatch: Any) -> None:
    learner = world.people["registered"]
    look = QuerySet.get
    looked: list[bool] = []

    def look_and_be_overtaken(rows: Any, *args: Any, **kwargs: Any) -> Any:
        if not looked and rows.model is Enrollment:
            looked.append(True)
            Enrollment.objects.create(user=learner, course=world.course)
            raise Enrollment.DoesNotExist
        return look(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "get", look_and_be_overtaken)
    with pytest.raises(enrolling.AlreadyEnrolled):
        enrolling.enrol(learner, world.course)

    assert looked


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_enrolments_are_read_by_whom_they_concern(
    who: str, enrollment: Enrollment, client_of: Client
) -> None:
    listed = client_of(who).get("/api/enrollments/")
    shown = client_of(who).get(f"/api/enrollments/{enrollment.pk}/")
    missing = client_of(who).get("/api/enrollments/999999/")

    if who == "guest":
        assert listed.status_code == shown.status_code == 401
        return
    reads = who in ("registered", "owner", "staff")
    assert [row["id"] for row in listed.data] == ([enrollment.pk] if reads else [])
    assert shown.status_code == (200 if reads else 404)
    assert reads or shown.content == missing.content


def test_a_withdrawn_course_shrinks_to_its_name(
    enrollment: Enrollment, world: World, client_of: Client
) -> None:
    world.course.unpublish()
    own = client_of("registered").get("/api/enrollments/").data[0]
    instructors = client_of("owner").get(f"/api/enrollments/{enrollment.pk}/").data

    assert own["course"] == {"id": world.course.pk, "title": world.course.title, "slug": world.course.slug}
    assert "instructors" in instructors["course"]


def test_a_list_takes_the_same_number_of_queries_however_long(world: World, client_of: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client_of("registered").get("/api/enrollments/").status_code == 200
        return len(captured)

    learner = world.people["registered"]
    Enrollment.objects.create(user=learner, course=world.course)
    client_of("registered")
    few = queries()
    for number in range(4):
        course = make_course(f"Course {number}", world.category, is_published=True)
        Enrollment.objects.create(user=learner, course=course)

    assert queries() == few


# --- writing and leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_enrolment_never_changes_by_request(
    who: str, enrollment: Enrollment, world: World, client_of: Client
) -> None:
    other = make_course("Another", is_published=True)
    before = Enrollment.objects.values().get()
    body = {"course_id": other.pk, "status": "completed", "user": 1, "progress_percentage": 100}
    path, client = f"/api/enrollments/{enrollment.pk}/", client_of(who)

    expected = {"guest": 401, "registered": 200, "owner": 403, "staff": 403}.get(who, 404)
    assert client.patch(path, body).status_code == expected
    assert client.put(path, body).status_code == expected
    assert Enrollment.objects.values().get() == before


@pytest.mark.parametrize("way", ["delete", "unenroll"])
@pytest.mark.parametrize("who", ["guest", "registered", "premium", "owner", "assistant", "staff"])
def test_the_learner_and_staff_end_an_enrolment(
    who: str, way: str, enrollment: Enrollment, client_of: Client
) -> None:
    certificate = Certificate.objects.create(enrollment=enrollment)

    def leave() -> Any:
        path = f"/api/enrollments/{enrollment.pk}/"
        return client_of(who).delete(path) if way == "delete" else client_of(who).post(path + "unenroll/")

    answer = leave()
    enrollment.refresh_from_db()
    certificate.refresh_from_db()
    if who in ("registered", "staff"):
        assert answer.status_code == (204 if way == "delete" else 200)
        assert way == "delete" or list(answer.data) == ["detail"]
        assert (enrollment.status, certificate.is_valid) == ("unenrolled", False)
        assert certificate.revocation_date
        assert certificate.revocation_reason
        assert leave().status_code == 400
    else:
        assert answer.status_code == {"guest": 401, "owner": 403}.get(who, 404)
        assert (enrollment.status, certificate.is_valid) == ("active", True)


def test_leaving_is_undone_as_a_whole(enrollment: Enrollment, world: World, monkeypatch: Any) -> None:
    Certificate.objects.create(enrollment=enrollment)
    monkeypatch.setattr(Certificate, "save", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        enrolling.unenrol(enrollment)

    enrollment.refresh_from_db()
    assert enrollment.status == "active"


def test_who_left_enrols_again_without_the_revoked_certificate(
    enrollment: Enrollment, world: World, client_of: Client
) -> None:
    certificate = Certificate.objects.create(enrollment=enrollment)
    client = client_of("registered")
    client.post(f"/api/enrollments/{enrollment.pk}/unenroll/")

    again = client.post("/api/enrollments/", {"course_id": world.course.pk})

    certificate.refresh_from_db()
    assert (again.status_code, certificate.is_valid) == (201, False)
    assert again.data["id"] != enrollment.pk
    assert Course.objects.get(pk=world.course.pk).enrolled_students_count == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "enrollments/"),
        ("delete", "enrollments/{}/"),
        ("post", "enrollments/{}/unenroll/"),
        ("patch", "progress/1/"),
        ("post", "courses/x/enrollment/"),
    ],
)
def test_a_session_cookie_alone_writes_nothing(
    method: str, path: str, enrollment: Enrollment, world: World
) -> None:
    """Tokens need no CSRF cookie; a session is no credential here at all (SEC-03)."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.people["registered"], backend="django.contrib.auth.backends.ModelBackend")

    answer = getattr(client, method)("/api/" + path.format(enrollment.pk), {"course_id": world.course.pk})

    assert answer.status_code == 401
