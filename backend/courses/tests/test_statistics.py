"""Numbers of a course, and slugs: what they count, and what they never do."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from users.models import CustomUser

from courses import utils
from courses.models import Category, Course, Enrollment, Lesson, Module, Progress, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(settings: Any) -> CustomUser:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return CustomUser.objects.create_user("anna@example.org", "anna", "x")


@pytest.fixture
def course() -> Course:
    """Three published lessons, one of them premium, and one in an unpublished module; ten minutes each."""
    course = Course.objects.create(title="Painting", is_published=True)
    for title, published, levels in (
        ("Open", True, ["guest", "registered", "premium"]),
        ("Soon", False, ["guest"]),
    ):
        module = Module.objects.create(course=course, title=title, is_published=published)
        for level in levels:
            Lesson.objects.create(module=module, title=level, access_level=level, duration_minutes=10)
    return course


def complete(enrollment: Enrollment, *levels: str) -> None:
    for lesson in Lesson.objects.filter(module__course=enrollment.course, access_level__in=levels):
        Progress.objects.update_or_create(
            enrollment=enrollment, lesson=lesson, defaults={"is_completed": True}
        )


def test_progress_counts_every_lesson_of_published_modules(learner: CustomUser, course: Course) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)
    assert utils.calculate_course_progress(enrollment) == 0

    complete(enrollment, "guest", "registered")

    assert utils.calculate_course_progress(enrollment) == 66
    standing = utils.get_user_course_progress(learner, course)
    assert (standing["completed_lessons"], standing["total_lessons"], standing["percentage"]) == (2, 3, 66)
    complete(enrollment, "premium")
    assert utils.calculate_course_progress(enrollment) == 100


def test_a_new_lesson_counts_at_once(learner: CustomUser, course: Course) -> None:
    enrollment = Enrollment.objects.create(user=learner, course=course)
    complete(enrollment, "guest", "registered", "premium")
    assert utils.calculate_course_progress(enrollment) == 100

    module = course.modules.get(title="Open")
    Lesson.objects.bulk_create([Lesson(module=module, title="Late", order=99)])

    assert utils.calculate_course_progress(enrollment) == 75


def test_without_an_enrolment_there_is_no_standing(learner: CustomUser, course: Course) -> None:
    Enrollment.objects.create(user=learner, course=course, status="unenrolled")

    standing = utils.get_user_course_progress(learner, course)

    assert (standing["is_enrolled"], standing["percentage"]) == (False, 0)


def test_the_courses_counters_are_recomputed_from_its_rows(learner: CustomUser, course: Course) -> None:
    other = CustomUser.objects.create_user("berta@example.org", "berta", "x")
    Enrollment.objects.create(user=learner, course=course)
    Enrollment.objects.create(user=other, course=course, status="unenrolled")
    Review.objects.create(user=learner, course=course, rating=4, content="x" * 10)
    Review.objects.create(user=other, course=course, rating=1, content="x" * 10, is_approved=False)
    Course.objects.filter(pk=course.pk).update(enrolled_students_count=99, avg_rating=Decimal("1.00"))

    utils.update_course_analytics(course)

    stored = Course.objects.get(pk=course.pk)
    assert (stored.enrolled_students_count, stored.avg_rating, stored.total_reviews) == (
        1,
        Decimal("4.00"),
        1,
    )
    assert utils.calculate_course_duration(course) == 40


def test_cached_numbers_are_forgotten_on_demand(learner: CustomUser, course: Course) -> None:
    assert utils.get_course_stats(course)["enrolled"] == 0
    Enrollment.objects.create(user=learner, course=course)

    utils.clear_course_caches(course.pk)

    stats = utils.get_course_stats(course)
    assert (stats["enrolled"], stats["lessons"], stats["modules"]) == (1, 4, 2)


@pytest.mark.parametrize("title", ["a" * 400, "ﬃ" * 100, "Ünïcödé & more", "!!!", "版"])
def test_slugs_fit_are_readable_and_unique(title: str) -> None:
    first = utils.generate_unique_slug(title, Category)
    Category.objects.bulk_create([Category(name="one", slug=first)])

    second = utils.generate_unique_slug(title, Category)

    assert second != first
    assert max(len(first), len(second)) <= 180
    short = utils.generate_unique_slug(title, Category, max_length=20)
    assert len(short) <= 20


def test_suffixes_count_up_past_the_taken_ones() -> None:
    taken = ["art", *(f"art-{number}" for number in range(1, 1001) if number != 250)]
    Category.objects.bulk_create([Category(name=slug, slug=slug) for slug in taken])

    assert utils.generate_unique_slug("Art", Category) == "art-250"
    art = Category.objects.get(slug="art")
    assert utils.generate_unique_slug("Art", Category, instance=art) == "art"
    Category.objects.bulk_create([Category(name="x", slug="art-250")])
    beyond = utils.generate_unique_slug("Art", Category)
    assert beyond.startswith("art-")
    assert beyond not in {*taken, "art-250"}
