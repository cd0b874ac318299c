"""Certificates and statistics of learners: their own, complete, new at once (VIEW-15, UX-04, policies 6, 9)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.learner_statistics import learner_statistics
from courses.models import AssessmentAttempt, Certificate, Enrollment, Progress

from .world import EVERYBODY, PEOPLE, World, make_course

PATHS = ("me/stats/", "user/progress/stats/", "user/progress-stats/")
KEYS = [
    *("totalCourses", "coursesCompleted", "coursesInProgress", "totalLessons", "completedLessons"),
    *("completionPercentage", "assessmentsCompleted", "averageScore", "certificatesEarned"),
    *("hoursSpent", "hours_spent", "totalTimeSpent", "recentActivity", "generatedAt"),
]


@pytest.fixture
def enrollment(world: World) -> Enrollment:
    """The registered learner in the published course, with half an hour in one of its six lessons."""
    enrollment = Enrollment.objects.create(user=world.people["registered"], course=world.course)
    progress, _ = Progress.objects.get_or_create(enrollment=enrollment, lesson=world.lessons["guest"])
    progress.time_spent, progress.is_completed = 1800, True
    progress.save()
    return enrollment


@pytest.fixture
def certificate(world: World) -> Certificate:
    """A certificate of the lapsed learner."""
    enrollment = Enrollment.objects.create(user=world.people["lapsed"], course=world.course)
    return Certificate.objects.create(enrollment=enrollment)


@pytest.mark.parametrize("who", EVERYBODY)
def test_certificates_are_read_by_their_owner_managers_of_students_and_staff(
    who: str, certificate: Certificate, get: Any
) -> None:
    listed, single = get(who, "certificates/"), get(who, f"certificates/{certificate.pk}/")
    if who == "guest":
        assert (listed.status_code, single.status_code) == (401, 401)
        return

    readable = who in ("lapsed", "owner", "staff")
    assert [row["id"] for row in listed.data] == ([certificate.pk] if readable else [])
    assert single.status_code == (200 if readable else 404)
    assert b"@" not in listed.content + single.content
    if readable:
        assert single.data["certificate_number"] == certificate.certificate_number


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nobody_writes_certificates(method: str, certificate: Certificate, client_of: Any) -> None:
    for who in ("lapsed", "owner", "staff"):
        answer = getattr(client_of(who), method)(f"/api/certificates/{certificate.pk}/", {"is_valid": False})
        assert answer.status_code == 405
        assert client_of(who).post("/api/certificates/", {}).status_code == 405


def test_a_certificate_outlives_the_publication_of_its_course(
    world: World, certificate: Certificate, get: Any
) -> None:
    world.course.unpublish()
    data = get("lapsed", f"certificates/{certificate.pk}/").data

    assert data["course"] == {
        "id": world.course.pk,
        "title": world.course.title,
        "slug": world.course.slug,
    }


def test_more_certificates_take_no_more_queries(world: World, certificate: Certificate, get: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(get("staff", "certificates/").data) == Certificate.objects.count()
        return len(captured)

    queries()  # signs in
    few = queries()
    for name in ("registered", "premium", "former"):
        course = make_course(f"Course of {name}", world.category, is_published=True)
        enrollment = Enrollment.objects.create(user=world.people[name], course=course)
        Certificate.objects.create(enrollment=enrollment)
    assert queries() == few


@pytest.mark.parametrize("path", PATHS)
def test_the_paths_answer_alike_and_to_signed_in_callers_alone(
    path: str, enrollment: Enrollment, get: Any
) -> None:
    assert get("guest", path).status_code == 401
    answer, first = get("registered", path), get("registered", PATHS[0])

    assert list(answer.data) == KEYS
    assert answer.content == first.content
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_numbers_are_those_of_the_rows(world: World, enrollment: Enrollment, get: Any) -> None:
    data = get("registered", "me/stats/").data

    assert data["hours_spent"] == data["hoursSpent"] == 0.5
    # The lessons of the published module, whatever the level; the hidden module's is not among them.
    assert [data[key] for key in KEYS[:6]] == [1, 0, 1, 6, 1, 16.66]
    assert [row["lesson_title"] for row in data["recentActivity"]] == ["Lesson guest"]


@pytest.mark.parametrize("seconds", [0, 17, 18, 3600, 5000, 123_456])
def test_hours_have_two_decimals(seconds: int, enrollment: Enrollment, get: Any) -> None:
    Progress.objects.filter(enrollment=enrollment).update(time_spent=0)
    Progress.objects.filter(enrollment=enrollment, is_completed=True).update(time_spent=seconds)

    data = get("registered", "me/stats/").data
    assert data["hours_spent"] == pytest.approx(seconds / 3600, abs=0.005)
    assert round(data["hours_spent"], 2) == data["hours_spent"]
    assert data["totalTimeSpent"] == seconds


def write(what: str, world: World, enrollment: Enrollment) -> None:
    user, lesson = enrollment.user, world.lessons["registered"]
    if what == "completedLessons":
        Progress.objects.update_or_create(
            enrollment=enrollment, lesson=lesson, defaults={"is_completed": True}
        )
    elif what == "totalTimeSpent":
        Progress.objects.filter(enrollment=enrollment, is_completed=True).update(time_spent=1801)
    elif what == "totalCourses":
        Enrollment.objects.create(user=user, course=make_course("Another", is_published=True))
    elif what == "coursesCompleted":
        Enrollment.objects.filter(pk=enrollment.pk).update(status="completed")
    elif what == "assessmentsCompleted":
        AssessmentAttempt.objects.create(
            user=user, assessment=lesson.assessment, score=7, max_score=8, is_passed=True, is_completed=True
        )
    elif what == "certificatesEarned":
        Certificate.objects.create(enrollment=enrollment)
    else:
        world.hidden_module.publish()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "what",
    [
        *("completedLessons", "totalTimeSpent", "totalCourses", "coursesCompleted"),
        *("assessmentsCompleted", "certificatesEarned", "totalLessons"),
    ],
)
def test_activity_shows_at_once_and_without_it_nothing_changes(
    what: str, transactional_db: None, world: World, enrollment: Enrollment, get: Any
) -> None:
    before, again = get("registered", "me/stats/"), get("registered", "me/stats/")
    assert before.content == again.content
    others = get("premium", "me/stats/").data
    assert (others["totalCourses"], others["totalTimeSpent"]) == (0, 0)

    write(what, world, enrollment)
    assert get("registered", "me/stats/").data[what] > before.data[what]
    assert {**get("premium", "me/stats/").data, "generatedAt": None} == {**others, "generatedAt": None}


def test_an_average_counts_attempts_that_could_score(world: World, enrollment: Enrollment, get: Any) -> None:
    assessment = world.lessons["guest"].assessment
    for score, maximum in ((1, 3), (3, 3), (0, 0)):
        AssessmentAttempt.objects.create(
            user=enrollment.user, assessment=assessment, score=score, max_score=maximum, is_completed=True
        )
    data = get("registered", "me/stats/").data

    assert (data["assessmentsCompleted"], data["averageScore"]) == (1, 66.67)


def test_midnight_changes_no_number(enrollment: Enrollment, monkeypatch: Any) -> None:
    today = learner_statistics(enrollment.user)
    cache.clear()
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    later = learner_statistics(enrollment.user)

    assert later.pop("generatedAt") > today.pop("generatedAt")
    assert later == today


@pytest.mark.parametrize("who", PEOPLE)
def test_statistics_take_the_same_few_queries_however_much_was_done(
    who: str, world: World, client_of: Callable[[str], APIClient]
) -> None:
    client = client_of(who)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/me/stats/").status_code == 200
        return len(captured)

    few = queries()
    for number in range(4):
        course = make_course(f"Course {number}", is_published=True)
        Enrollment.objects.create(user=world.people[who], course=course)
    assert queries() == few <= 12


def test_a_lesson_that_was_withdrawn_leaves_recent_activity(
    world: World, enrollment: Enrollment, get: Any
) -> None:
    assert get("registered", "me/stats/").data["recentActivity"]
    world.module.unpublish()

    assert get("registered", "me/stats/").data["recentActivity"] == []
