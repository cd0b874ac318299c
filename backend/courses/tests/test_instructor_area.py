"""The instructor area: who gets in, what the numbers say and to whom, the same publishing by other addresses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from instructor_portal.models import CourseInstructor
from rest_framework.test import APIClient

from courses.models import Assessment, AssessmentAttempt, Course, Enrollment, Module, Progress, Review

from .world import EVERYBODY, INSIDERS, World, make_lesson

Client = Callable[[str], APIClient]


@pytest.fixture
def busy(world: World) -> World:
    """The published course with two learners, one who left, an attempt, and reviews."""
    standings = {"registered": ("active", 50), "premium": ("completed", 100), "lapsed": ("unenrolled", 90)}
    for name in standings:
        enrollment = Enrollment.objects.create(user=world.people[name], course=world.course)
        # The rows may exist already: an enrolment brings one for every lesson.
        Progress.objects.update_or_create(
            enrollment=enrollment,
            lesson=world.lessons["guest"],
            defaults={"time_spent": 60, "is_completed": name != "registered", "progress_percentage": 10},
        )
    assessment = Assessment.objects.get(lesson=world.lessons["premium"])
    for score in (8, 4):
        AssessmentAttempt.objects.create(
            user=world.people["premium"],
            assessment=assessment,
            score=score,
            max_score=10,
            is_completed=True,
            is_passed=score > 5,
        )
    for name, rating, approved in (("registered", 4, True), ("premium", 5, True), ("lapsed", 1, False)):
        Review.objects.create(
            user=world.people[name],
            course=world.course,
            rating=rating,
            is_approved=approved,
            content="Ten letters and more.",
        )
    for name, (status, percent) in standings.items():
        # An enrolment's numbers follow its rows; these are what the report is to count.
        rows = Enrollment.objects.filter(user=world.people[name])
        rows.update(status=status, progress_percentage=percent)
    return world


def analytics(course: Course) -> str:
    return f"instructor/courses/{course.slug}/analytics/"


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_dashboard_is_for_those_who_teach(who: str, world: World, get: Any) -> None:
    answer = get(who, "instructor/dashboard/")

    expected = 401 if who == "guest" else 200 if who in (*INSIDERS, "peer") else 403
    assert answer.status_code == expected
    if expected == 200:
        courses = {"owner": 2, "assistant": 2, "peer": 1, "staff": 0}[who]
        assert len(answer.data["courses"]) == answer.data["totals"]["courses"] == courses


def test_a_role_of_instructor_opens_an_empty_dashboard(make_user: Any, sign_in: Any) -> None:
    beginner = make_user("beginner", role="instructor")
    admin = make_user("pretender", role="admin")

    assert sign_in(beginner).get("/api/instructor/dashboard/").data["courses"] == []
    assert sign_in(admin).get("/api/instructor/dashboard/").status_code == 403


def test_the_dashboard_counts_learners_for_those_who_may_look(busy: World, get: Any) -> None:
    owner, assistant = (get(who, "instructor/dashboard/").data for who in ("owner", "assistant"))

    rows = {row["slug"]: row for row in owner["courses"]}
    assert rows[busy.course.slug]["learners"] == {
        "enrolled": 2,
        "completed": 1,
        "average_progress": 75.0,
        "completion_rate": 50.0,
    }
    assert rows[busy.draft.slug]["learners"]["enrolled"] == 0
    assert (rows[busy.course.slug]["module_count"], rows[busy.course.slug]["lesson_count"]) == (2, 7)
    assert rows[busy.course.slug]["is_lead"] is True
    totals = owner["totals"]
    assert (totals["published"], totals["drafts"], totals["enrolled"], totals["completed"]) == (1, 1, 2, 1)
    assert [row["learners"] for row in assistant["courses"]] == [None, None]
    assert (assistant["totals"]["enrolled"], assistant["courses"][0]["is_lead"]) == (0, False)


@pytest.mark.parametrize("who", EVERYBODY)
def test_analytics_are_for_who_may_view_them(who: str, world: World, get: Any) -> None:
    published, draft = get(who, analytics(world.course)), get(who, analytics(world.draft))
    missing = get(who, "instructor/courses/no-such-course/analytics/")

    expected = {"owner": (200, 200), "staff": (200, 200), "assistant": (403, 403), "guest": (401, 401)}
    assert (published.status_code, draft.status_code) == expected.get(who, (403, 404))
    assert missing.status_code == (401 if who == "guest" else 404)
    if who not in INSIDERS:
        assert draft.content == missing.content


def test_the_right_to_view_opens_them_at_once(world: World, get: Any) -> None:
    row = CourseInstructor.objects.get(course=world.course, instructor=world.people["assistant"])
    assert get("assistant", analytics(world.course)).status_code == 403

    row.can_view_analytics = True
    row.save()

    assert get("assistant", analytics(world.course)).status_code == 200


def test_analytics_count_what_there_is(busy: World, get: Any) -> None:
    numbers = get("owner", analytics(busy.course)).data

    assert numbers["course"]["slug"] == busy.course.slug
    assert numbers["learners"] == {
        "enrolled": 2,
        "completed": 1,
        "average_progress": 75.0,
        "completion_rate": 50.0,
    }
    assert (numbers["content"]["modules"], numbers["content"]["lessons"]) == (2, 7)
    assert numbers["lessons"][0] == {
        "id": busy.lessons["guest"].pk,
        "title": "Lesson guest",
        "started": 2,
        "completed": 1,
        "time_spent": 120,
    }
    assert numbers["assessments"] == {"attempts": 2, "passed": 1, "average_score": 60.0}
    assert numbers["reviews"] == {
        "total": 2,
        "average_rating": 4.5,
        "by_rating": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1},
    }


def test_analytics_of_a_course_without_learners_are_zero(world: World, get: Any) -> None:
    numbers = get("staff", analytics(world.draft)).data

    assert set(numbers["learners"].values()) == {0}
    assert numbers["assessments"] == {"attempts": 0, "passed": 0, "average_score": 0.0}
    assert numbers["reviews"]["average_rating"] == 0.0


def test_revenue_is_for_the_lead_and_staff_and_learners_have_no_names(busy: World, get: Any) -> None:
    row = CourseInstructor.objects.get(course=busy.course, instructor=busy.people["assistant"])
    row.can_view_analytics = True
    row.revenue_share_percentage = Decimal("12.34")
    row.save()

    answers = {who: get(who, analytics(busy.course)) for who in INSIDERS}

    for who, answer in answers.items():
        text = answer.content.decode()
        assert ("12.34" in text) is (who != "assistant")
        assert "@" not in text
        assert "lapsed" not in text
        assert {row["id"] for row in answer.data["instructors"]} == {
            busy.people["owner"].pk,
            busy.people["assistant"].pk,
        }


def test_reports_take_a_constant_number_of_queries(busy: World, client_of: Client) -> None:
    client = client_of("owner")

    def queries() -> list[int]:
        numbers = []
        for path in ("instructor/dashboard/", analytics(busy.course)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/api/{path}").status_code == 200
            numbers.append(len(captured))
        return numbers

    few = queries()
    for n in range(3):
        make_lesson(busy.module, f"more-{n}")
        busy.course.clone_version(busy.people["owner"])

    assert queries() == few


@pytest.mark.parametrize("path", ["instructor/dashboard/", "instructor/courses/{slug}/analytics/"])
def test_reports_have_a_small_budget(path: str, world: World, get: Any, settings: Any) -> None:
    settings.SENSITIVE_API_THROTTLE_RATE = "2/hour"
    path = path.format(slug=world.course.slug)

    codes = [get("owner", path).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    assert get("staff", path).status_code == 200


@pytest.mark.parametrize("who", EVERYBODY)
def test_publishing_by_switch_obeys_the_same_rules(who: str, world: World, client_of: Client) -> None:
    def put(slug: str, body: Any) -> Any:
        return client_of(who).put(f"/api/instructor/courses/{slug}/publishing/", body)

    codes = [
        put(world.course.slug, {"publish": False}).status_code,
        put(world.draft.slug, {"publish": True}).status_code,
        put(world.draft.slug, {}).status_code,
        put(world.draft.slug, {"publish": True}).status_code,
        put("no-such-course", {"publish": True}).status_code,
    ]

    editors = [200, 200, 400, 409, 404]
    refused = {"guest": [401] * 5, "assistant": [403] * 4 + [404]}.get(who, [403, 404, 404, 404, 404])
    assert codes == (editors if who in ("owner", "staff") else refused)
    assert Course.objects.get(pk=world.draft.pk).is_published is (who in ("owner", "staff"))


@pytest.mark.parametrize("who", EVERYBODY)
def test_cloning_from_the_area_obeys_the_same_rules(who: str, world: World, client_of: Client) -> None:
    def post(slug: str) -> Any:
        return client_of(who).post(f"/api/instructor/courses/{slug}/clone/", {"title": "A copy"})

    published, draft, missing = post(world.course.slug), post(world.draft.slug), post("no-such-course")

    expected = {"owner": (201, 201), "staff": (201, 201), "guest": (401, 401), "assistant": (403, 403)}
    assert (published.status_code, draft.status_code) == expected.get(who, (403, 404))
    assert missing.status_code == (401 if who == "guest" else 404)
    assert Course.objects.filter(title="A copy").count() == (2 if who in ("owner", "staff") else 0)


@pytest.mark.parametrize("who", EVERYBODY)
def test_modules_are_read_by_the_team_and_written_by_editors(
    who: str, world: World, client_of: Client
) -> None:
    client, one = client_of(who), f"/api/instructor/modules/{world.hidden_module.pk}/"
    editor = who in ("owner", "staff")
    listed = client.get("/api/instructor/modules/")
    shown = client.get(one)
    created = client.post("/api/instructor/modules/", {"course_id": world.course.pk, "title": "A new module"})
    changed = client.patch(one, {"title": "Renamed", "is_published": True})
    deleted = client.delete(one)

    lists = {"guest": 401, "owner": 200, "assistant": 200, "staff": 200, "peer": 200}.get(who, 403)
    reads = {"guest": 401, "owner": 200, "assistant": 200, "staff": 200}.get(who, 404)
    assert (listed.status_code, shown.status_code) == (lists, reads)
    if lists == 200:
        ids = {row["id"] for row in listed.data["results"]}
        assert (world.hidden_module.pk in ids) is (who != "peer")
        # Who teaches something, but not this, names a course that is missing.
        assert created.status_code == (201 if editor else 400), created.content
    else:
        assert created.status_code == lists
    refused = 403 if who == "assistant" else reads
    assert changed.status_code == (200 if editor else refused)
    assert deleted.status_code == (204 if editor else refused)
    assert Module.objects.filter(pk=world.hidden_module.pk).exists() is not editor
    assert world.course.modules.filter(title="A new module").exists() is editor


def test_an_instructor_of_one_course_writes_no_other(world: World, client_of: Client) -> None:
    """PERM-01: the course an object belongs to decides, not that its caller teaches something."""
    client = client_of("peer")

    codes = [
        client.patch(f"/api/courses/{world.course.slug}/", {"title": "Mine now"}).status_code,
        client.patch(f"/api/instructor/modules/{world.module.pk}/", {"title": "Mine now"}).status_code,
        client.put(f"/api/courses/{world.course.slug}/unpublish/").status_code,
        client.delete(f"/api/courses/{world.course.slug}/").status_code,
    ]

    assert codes == [403, 404, 403, 403]
