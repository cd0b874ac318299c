"""What follows from saving and deleting: progress, completion, certificates, ratings, durations, states."""

import sys
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_save
from users.models import CustomUser

from courses.models import (
    Assessment,
    AssessmentAttempt,
    Certificate,
    Course,
    Enrollment,
    Lesson,
    Module,
    Progress,
    Review,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner() -> CustomUser:
    return CustomUser.objects.create(email="anna@example.org", username="anna")


@pytest.fixture
def course() -> Course:
    """Two lessons of ten minutes in a published module, one in an unpublished one; with certificate."""
    course = Course.objects.create(title="Painting", is_published=True, has_certificate=True)
    module = Module.objects.create(course=course, title="Open", is_published=True)
    for number in range(2):
        Lesson.objects.create(module=module, title=f"Lesson {number}", duration_minutes=10)
    Lesson.objects.create(module=Module.objects.create(course=course, title="Soon"), title="Later")
    return course


def complete(enrollment: Enrollment, *titles: str) -> Enrollment:
    for progress in enrollment.progress.filter(lesson__title__in=titles):
        progress.is_completed = True
        progress.save()
    enrollment.refresh_from_db()
    return enrollment


def stored(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


# --- learners -----------------------------------------------------------------------------------------------


def test_enrolling_makes_the_rows_and_counts_the_learner(learner: CustomUser, course: Course) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)

    assert sorted(row.lesson.title for row in enrollment.progress.all()) == ["Lesson 0", "Lesson 1"]
    assert stored(course).enrolled_students_count == 1
    assert stored(course).last_enrollment_date is not None
    enrollment.delete()
    assert stored(course).enrolled_students_count == 0


def test_the_last_lesson_completes_the_course_and_issues_one_certificate(
    learner: CustomUser, course: Course
) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)
    half = complete(enrollment, "Lesson 0")
    assert (half.progress_percentage, half.status) == (50, "active")
    assert not Certificate.objects.exists()

    done = complete(enrollment, "Lesson 0", "Lesson 1")
    done.save()

    assert (done.progress_percentage, done.status) == (100, "completed")
    assert done.completion_date is not None
    assert Certificate.objects.get().enrollment == enrollment
    assert stored(course).enrolled_students_count == 1


def test_a_course_without_certificate_issues_none(learner: CustomUser, course: Course) -> None:
    course.has_certificate = False
    course.save()
    done = complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0", "Lesson 1")

    assert done.status == "completed"
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("status", ["unenrolled", "suspended"])
def test_who_is_not_in_the_course_any_more_completes_nothing(
    status: str, learner: CustomUser, course: Course
) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)
    Enrollment.objects.update(status=status)

    assert complete(enrollment, "Lesson 0", "Lesson 1").status == status
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("way", ["save", "bulk_create", "move"])
def test_a_lesson_that_came_meanwhile_counts(way: str, learner: CustomUser, course: Course) -> None:
    enrollment = complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0")
    module = course.modules.get(title="Open")
    if way == "save":
        Lesson.objects.create(module=module, title="New")
    elif way == "bulk_create":
        Lesson.objects.bulk_create([Lesson(module=module, title="New", order=99)])
    else:
        Lesson.objects.filter(title="Later").update(module=module, order=99)

    after = complete(enrollment, "Lesson 1")

    assert (after.progress_percentage, after.status) == (66, "active")


@pytest.mark.parametrize("way", ["delete", "queryset"])
def test_a_lesson_that_went_counts_no_more_and_completes_nobody_by_itself(
    way: str, learner: CustomUser, course: Course
) -> None:
    enrollment = complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0")
    lessons = Lesson.objects.filter(title="Lesson 1")
    if way == "delete":
        lessons.get().delete()
    else:
        lessons.delete()

    enrollment.refresh_from_db()
    assert enrollment.status == "active"
    assert complete(enrollment, "Lesson 0").status == "completed"


def test_progress_taken_back_moves_the_enrolment(learner: CustomUser, course: Course) -> None:
    enrollment = complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0")
    enrollment.progress.filter(is_completed=True).delete()

    enrollment.refresh_from_db()
    assert enrollment.progress_percentage == 0


@pytest.mark.parametrize("passed", [True, False])
def test_a_passed_assessment_completes_its_lesson(passed: bool, learner: CustomUser, course: Course) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)
    assessment = Assessment.objects.create(lesson=Lesson.objects.get(title="Lesson 0"), title="Test")

    AssessmentAttempt.objects.create(user=learner, assessment=assessment, is_passed=passed)

    enrollment.refresh_from_db()
    assert enrollment.progress_percentage == (50 if passed else 0)
    stranger = CustomUser.objects.create(email="b@example.org", username="bert")
    AssessmentAttempt.objects.create(user=stranger, assessment=assessment, is_passed=True)
    assert not Progress.objects.filter(enrollment__user=stranger).exists()


# --- courses ------------------------------------------------------------------------------------------------


def task_that_queues(queued: list[int]) -> Any:
    return SimpleNamespace(update_course_analytics=SimpleNamespace(delay=queued.append))


@pytest.mark.parametrize("tasks", ["none", "without the task", "in place", "as they are"])
def test_reviews_count_with_and_without_tasks(
    tasks: str, learner: CustomUser, course: Course, monkeypatch: Any
) -> None:
    queued: list[int] = []
    stand_ins = {
        "none": None,
        "without the task": SimpleNamespace(),
        "in place": task_that_queues(queued),
    }
    if tasks in stand_ins:
        monkeypatch.setitem(sys.modules, "courses.tasks", stand_ins[tasks])
    with transaction.atomic():
        review = Review.objects.create(user=learner, course=course, rating=4, content="x" * 10)
        assert (stored(course).avg_rating, stored(course).total_reviews) == (Decimal("4.00"), 1)
        review.rating = 2
        review.save()
        assert stored(course).avg_rating == Decimal("2.00")
        review.delete()

    assert (stored(course).avg_rating, stored(course).total_reviews) == (Decimal("0.00"), 0)
    assert queued == []


def test_a_queue_is_told_once_the_write_is_committed(
    learner: CustomUser,
    course: Course,
    settings: Any,
    monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    queued: list[int] = []
    monkeypatch.setitem(sys.modules, "courses.tasks", task_that_queues(queued))
    settings.CELERY_TASK_ALWAYS_EAGER = False

    with django_capture_on_commit_callbacks(execute=True):
        Review.objects.create(user=learner, course=course, rating=4, content="x" * 10)
        assert queued == []
    assert queued == [course.pk]


def test_minutes_follow_the_lessons(course: Course) -> None:
    module, other = course.modules.order_by("order")
    elsewhere = Module.objects.create(course=Course.objects.create(title="Other"), title="There")

    def minutes() -> list[int | None]:
        modules = [Module.objects.get(pk=row.pk).duration_minutes for row in (module, other, elsewhere)]
        return [*modules, *(stored(row).duration_minutes for row in (course, elsewhere.course))]

    assert minutes()[:2] == [20, 0]
    lesson = Lesson.objects.get(title="Lesson 1")
    lesson.duration_minutes = 15
    lesson.save()
    assert minutes()[:4] == [25, 0, None, 25]
    lesson.module = elsewhere
    lesson.save()
    assert minutes() == [10, 0, 15, 10, 15]
    lesson.delete()
    assert minutes() == [10, 0, 0, 10, 0]
    module.delete()
    assert stored(course).duration_minutes == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "not_started"),
        ({"completion_percentage": 20}, "in_progress"),
        ({"completion_percentage": 50}, "partially_complete"),
        ({"completion_percentage": 100}, "complete"),
        ({"completion_percentage": 100, "is_published": True}, "published"),
        ({"completion_percentage": 20, "completion_status": "archived"}, "archived"),
        ({"is_published": True, "completion_status": "suspended"}, "suspended"),
    ],
)
def test_a_courses_state_follows_unless_it_was_decided(values: dict[str, Any], expected: str) -> None:
    assert Course.objects.create(title="Course", **values).completion_status == expected


def test_a_courses_state_follows_a_save_of_the_percentage_alone() -> None:
    course = Course.objects.create(title="Course")
    course.completion_percentage = 60
    course.save(update_fields=["completion_percentage"])

    assert stored(course).completion_status == "partially_complete"


# --- the handlers themselves --------------------------------------------------------------------------------


def test_a_receiver_that_saves_progress_again_ends(learner: CustomUser, course: Course) -> None:
    def meddle(instance: Enrollment, **kwargs: Any) -> None:
        for progress in instance.progress.all():
            progress.save()

    post_save.connect(meddle, sender=Enrollment)
    try:
        done = complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0", "Lesson 1")
    finally:
        post_save.disconnect(meddle, sender=Enrollment)
    assert done.status == "completed"


def test_a_deleted_course_takes_everything_along(learner: CustomUser, course: Course) -> None:
    complete(Enrollment.objects.create(user=learner, course=course), "Lesson 0", "Lesson 1")
    Review.objects.create(user=learner, course=course, rating=4, content="x" * 10)

    with connection.execute_wrapper(_refuse_updates):
        course.delete()

    assert not any(model.objects.exists() for model in (Enrollment, Progress, Lesson, Review, Certificate))


def _refuse_updates(execute: Any, sql: str, *args: Any) -> Any:
    """Rows that are going are not counted first."""
    counts = ("enrolled_students_count", "duration_minutes")
    assert not any(sql.startswith("UPDATE") and name in sql for name in counts), sql
    return execute(sql, *args)
