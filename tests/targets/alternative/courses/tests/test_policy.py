"""Decisions of the access policy that no type and no constraint holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Category, Enrollment, Lesson
from instructor_portal.models import CourseInstructor


def always_paid(user, data):
    return True


def enrol(client, course):
    return client.post("/api/enrollments/", {"course_id": course.pk}, format="json").json()["id"]


def test_a_level_nobody_knows_opens_for_leads_only(people, client_of, course):
    lesson = Lesson.objects.get(access_level="premium")
    Lesson.objects.filter(pk=lesson.pk).update(access_level="platinum")
    address = f"/api/lessons/{lesson.pk}/"
    assert client_of("premium").get(address).json()["is_restricted"] is True
    assert client_of("teacher").get(address).json()["is_restricted"] is False
    CourseInstructor.objects.update(is_lead=False)
    assert client_of("teacher").get(address).json()["is_restricted"] is True


def test_a_closed_category_is_named_to_the_staff_only(people, client_of, course):
    course.category = Category.objects.create(name="Closed", is_active=False)
    course.save()
    assert client_of("guest").get(f"/api/courses/{course.slug}/").json()["category"] is None
    assert client_of("guest").get("/api/courses/?category=closed").json()["count"] == 0
    assert client_of("teacher").get("/api/categories/closed/").status_code == 404
    people["teacher"].is_staff = True
    people["teacher"].save()
    assert client_of("teacher").get("/api/categories/closed/").status_code == 200


def test_a_withdrawn_course_shrinks_to_its_name(client_of, course):
    client = client_of("registered")
    key = enrol(client, course)
    course.unpublish()
    assert set(client.get(f"/api/enrollments/{key}/").json()["course"]) == {"id", "title", "slug"}


def test_what_was_withdrawn_is_named_in_no_record(client_of, course):
    client, lesson = client_of("registered"), Lesson.objects.get(access_level="guest")
    enrol(client, course)
    client.post("/api/progress/", {"lesson_id": lesson.pk, "time_spent": 5}, format="json")
    client.post("/api/notes/", {"lesson_id": lesson.pk, "content": "Mine"}, format="json")
    paths = ["progress/", "notes/", "me/stats/", f"courses/{course.slug}/progress/"]
    assert all(lesson.title in client.get(f"/api/{path}").content.decode() for path in paths)
    lesson.module.is_published = False
    lesson.module.save()
    assert not any(lesson.title in client.get(f"/api/{path}").content.decode() for path in paths)


def test_deleting_an_enrolment_keeps_its_row(client_of, course):
    client = client_of("registered")
    key = enrol(client, course)
    assert client.delete(f"/api/enrollments/{key}/").status_code == 204
    assert Enrollment.objects.get(pk=key).status == "unenrolled"


def test_a_course_with_learners_is_not_deleted(client_of, course):
    enrol(client_of("registered"), course)
    assert client_of("teacher").delete(f"/api/courses/{course.slug}/").status_code == 409


def test_only_learners_review(client_of, course):
    client, body = client_of("registered"), {"course_id": course.pk, "rating": 5, "content": "Worth every hour"}
    assert client.post("/api/reviews/", body, format="json").status_code == 400
    enrol(client, course)
    assert client.post("/api/reviews/", body, format="json").status_code == 201


@pytest.mark.parametrize(("verifier", "status"), [("refuse_every_payment", 402), (None, 200)])
def test_an_upgrade_is_paid_for(verifier, status, settings, client_of):
    settings.PAYMENT_VERIFIER = f"users.payments.{verifier}" if verifier else f"{__name__}.always_paid"
    answer = client_of("registered").post("/api/user/subscription/upgrade/", {"tier": "premium"}, format="json")
    assert answer.status_code == status


def test_a_ban_counts_from_the_next_request(people, client_of):
    client = client_of("registered")
    assert client.get("/api/user/profile/me/").status_code == 200
    people["registered"].ban_expires_at = timezone.now() + timedelta(days=1)
    people["registered"].save()
    assert client.get("/api/user/profile/me/").status_code == 401


def test_a_role_is_not_the_flag(people, client_of):
    people["premium"].role = "admin"
    people["premium"].save()
    client = client_of("premium")
    assert client.post("/api/courses/", {"title": "Mine"}, format="json").status_code == 403
    assert client.get("/api/debug/cache-stats/").status_code == 403
