"""Every tier against the public and the instructor routes: what opens and what stays shut."""

import pytest

from courses.models import Lesson

TIERS = ("guest", "registered", "premium")
READABLE = {"guest": 1, "registered": 2, "premium": 3}


@pytest.mark.parametrize("tier", TIERS)
def test_lists_hold_exactly_what_the_tier_opens(tier, client_of, course):
    answer = client_of(tier).get("/api/lessons/").json()
    assert answer["count"] == READABLE[tier]
    assert answer["metadata"]["user_access_level"] == tier
    detail = client_of(tier).get(f"/api/courses/{course.slug}/").json()
    assert detail["lesson_count"] == READABLE[tier]
    assert len(detail["modules"][0]["lessons"]) == detail["modules"][0]["lessons_count"] == READABLE[tier]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("level", TIERS)
def test_a_lesson_by_key_is_full_or_a_teaser(tier, level, client_of, course):
    lesson = Lesson.objects.get(access_level=level)
    answer = client_of(tier).get(f"/api/lessons/{lesson.pk}/")
    assert answer.status_code == 200
    allowed = READABLE[tier] >= READABLE[level]
    assert answer.json()["is_restricted"] is not allowed
    assert (f"The {level} secret" in answer.content.decode()) is allowed


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("path", ["courses/{}/", "courses/{}/versions/"])
def test_a_draft_is_like_a_course_that_does_not_exist(tier, path, client_of, draft):
    client = client_of(tier)
    hidden, missing = (client.get("/api/" + path.format(slug)) for slug in (draft.slug, "missing"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()
    assert client_of("teacher").get("/api/" + path.format(draft.slug)).status_code == 200


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("path", ["dashboard/", "modules/", "draft-courses/", "draft-lessons/", "draft-content/"])
def test_instructor_routes_are_for_instructors(tier, path, client_of, course):
    assert client_of(tier).get(f"/api/instructor/{path}").status_code in {401, 403}
    assert client_of("teacher").get(f"/api/instructor/{path}").status_code == 200


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("operation", ["publish", "unpublish"])
def test_only_its_instructors_publish_a_course(tier, operation, client_of, course):
    assert client_of(tier).put(f"/api/courses/{course.slug}/{operation}/").status_code in {401, 403}
    course.refresh_from_db()
    assert course.is_published


@pytest.mark.parametrize("tier", ["registered", "premium"])
def test_progress_needs_the_tier_of_the_lesson(tier, client_of, course):
    client = client_of(tier)
    assert client.post("/api/enrollments/", {"course_id": course.pk}, format="json").status_code == 201
    lesson = Lesson.objects.get(access_level="premium")
    answer = client.post("/api/progress/", {"lesson_id": lesson.pk, "is_completed": True}, format="json")
    assert answer.status_code == (200 if tier == "premium" else 400)
    if tier == "registered":
        missing = client.post("/api/progress/", {"lesson_id": 999, "is_completed": True}, format="json")
        assert answer.content.replace(str(lesson.pk).encode(), b"999") == missing.content
