"""Slugs, orders, the relation alias and what the models compute."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import (
    Answer,
    Assessment,
    AssessmentAttempt,
    Bookmark,
    Category,
    Certificate,
    Course,
    CourseProgress,
    Enrollment,
    Lesson,
    Module,
    Notification,
    Progress,
    Question,
    Resource,
    UserPreference,
)

from .world import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def module() -> Module:
    return Module.objects.create(course=make_course("Course"), title="Module", is_published=True)


@pytest.fixture
def question(module: Module) -> Question:
    lesson = Lesson.objects.create(module=module, title="Lesson")
    return Question.objects.create(assessment=Assessment.objects.create(lesson=lesson, title="Test"))


# --- slugs --------------------------------------------------------------------------------------------------


def test_slugs_are_readable_and_unique() -> None:
    assert [make_course("Same title").slug for _ in range(3)] == [
        "same-title",
        "same-title-1",
        "same-title-2",
    ]
    assert [Category.objects.create(name=name).slug for name in ("A b", "A  B")] == ["a-b", "a-b-1"]


@pytest.mark.parametrize("title", ["x" * 400, "ﬃ" * 100, "हिन्दी", "!!!"])
def test_slugs_fit_their_column(title: str) -> None:
    slugs = [Course(title=title).generate_unique_slug(), *(make_course(title[:160]).slug for _ in range(12))]

    assert len(set(slugs[1:])) == 12
    assert all(0 < len(slug) <= 180 for slug in slugs)


def test_a_slug_taken_meanwhile_is_made_anew(monkeypatch: Any) -> None:
    make_course("Taken")
    made = iter(["taken", "taken", "taken-1"])
    monkeypatch.setattr(Course, "generate_unique_slug", lambda self: next(made))

    assert make_course("Taken").slug == "taken-1"


def test_a_given_slug_is_kept_or_refused() -> None:
    assert make_course("Title", slug="mine").slug == "mine"
    with pytest.raises(IntegrityError):
        make_course("Title", slug="mine")


def test_another_broken_constraint_is_not_taken_for_a_slug() -> None:
    with pytest.raises(IntegrityError):
        make_course("Title", price=5, discount_price=5)
    Category.objects.create(name="Name")
    with pytest.raises(IntegrityError):
        Category.objects.create(name="Name ")


# --- orders -------------------------------------------------------------------------------------------------


def test_rows_without_an_order_line_up(module: Module, question: Question) -> None:
    lesson = question.assessment.lesson
    rows: list[list[Any]] = [
        [Module.objects.create(course=module.course, title="M") for _ in range(3)],
        [Lesson.objects.create(module=module, title="L") for _ in range(3)],
        [Resource.objects.create(lesson=lesson, title="R", type="link") for _ in range(3)],
        [Question.objects.create(assessment=question.assessment) for _ in range(3)],
        [Answer.objects.create(question=question, answer_text="A") for _ in range(3)],
    ]

    # The fixtures made the first module, lesson and question.
    assert [[row.order for row in siblings] for siblings in rows] == [
        [2, 3, 4], [2, 3, 4], [1, 2, 3], [2, 3, 4], [1, 2, 3],
    ]  # fmt: skip


def test_a_given_order_is_kept_and_a_taken_one_refused(module: Module) -> None:
    assert Lesson.objects.create(module=module, title="Zero", order=0).order == 0
    assert Lesson.objects.create(module=module, title="Seven", order=7).order == 7
    assert Lesson.objects.create(module=module, title="Next").order == 8
    with pytest.raises(ValidationError):
        Lesson(module=module, title="Again", order=7).full_clean()
    Lesson(module=module, title="Unordered").full_clean()


def test_the_next_order_is_asked_for_after_the_parents_row(module: Module) -> None:
    with CaptureQueriesContext(connection) as captured:
        Lesson.objects.create(module=module, title="Lesson")

    reads = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert 'FROM "courses_module"' in reads[0]
    assert "MAX(" in reads[1]


# --- questions and answers ----------------------------------------------------------------------------------


def test_answers_have_both_names(question: Question) -> None:
    question.answers.create(answer_text="one")
    question.answers_question.create(answer_text="two")

    assert question.answers.count() == question.answers_question.count() == 2
    for name in ("answers", "answers_question"):
        with CaptureQueriesContext(connection) as captured:
            found = Question.objects.prefetch_related(name).get(pk=question.pk)
            assert [answer.answer_text for answer in found.answers_question.all()] == ["one", "two"]
            assert [answer.answer_text for answer in found.answers.all()] == ["one", "two"]
        assert len(captured) == 2


@pytest.mark.parametrize(
    "values", [{"answer_text": "same"}, {"text": "same"}, {"answer_text": "same", "text": "x"}]
)
def test_an_answer_has_one_text(values: dict[str, str], question: Question) -> None:
    answer = Answer.objects.create(question=question, **values)
    assert answer.text_property == answer.answer_text == "same"

    Answer.objects.filter(pk=answer.pk).update(answer_text="", text="legacy")
    assert Answer.objects.get(pk=answer.pk).text_property == "legacy"


# --- what is computed ---------------------------------------------------------------------------------------


def test_progress_follows_the_rows_and_completes_an_enrolment(module: Module, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("a@example.org", "anna", "password")
    enrollment = Enrollment.objects.create(user=user, course=module.course)
    lessons = [Lesson.objects.create(module=module, title="L", access_level="premium") for _ in range(2)]
    progress = Progress.objects.create(enrollment=enrollment, lesson=lessons[0], is_completed=True)
    assert (progress.progress_percentage, progress.completed_date is not None) == (100, True)

    enrollment.update_progress()
    assert (enrollment.progress_percentage, enrollment.status) == (50, "active")

    lessons[1].delete()
    enrollment.update_progress()
    assert (enrollment.progress_percentage, enrollment.status) == (100, "completed")
    assert enrollment.completion_date is not None

    standing = CourseProgress.objects.create(user=user, course=module.course)
    standing.update_from_lesson_progress()
    assert (standing.lessons_completed, standing.is_completed) == (1, True)
    standing.reset_progress()
    assert (standing.lessons_completed, standing.is_completed, standing.completed_at) == (0, False, None)


def test_a_certificate_issues_its_number_and_is_revoked_once(module: Module, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("a@example.org", "anna", "password")
    certificate = Certificate.objects.create(
        enrollment=Enrollment.objects.create(user=user, course=module.course)
    )
    certificate.full_clean()
    certificate.revoke("Cheating")
    revoked = certificate.revocation_date
    certificate.revoke("Again")

    certificate.refresh_from_db()
    assert (certificate.is_valid, certificate.revocation_reason) == (False, "Cheating")
    assert certificate.revocation_date == revoked
    certificate.certificate_number = "nonsense"
    with pytest.raises(ValidationError) as refused:
        certificate.full_clean()
    assert "certificate_number" in refused.value.error_dict


def test_a_streak_counts_days_in_a_row(module: Module, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("a@example.org", "anna", "password")
    standing = CourseProgress.objects.create(user=user, course=module.course)
    standing.update_last_accessed()
    standing.update_last_accessed()
    assert standing.study_streak_days == 1

    standing.last_study_date = timezone.localdate() - timedelta(days=1)
    standing.update_last_accessed()
    assert standing.study_streak_days == 2

    standing.last_study_date = timezone.localdate() - timedelta(days=3)
    standing.update_last_accessed()
    assert standing.study_streak_days == 1


def test_a_course_costs_its_discount_until_it_ends() -> None:
    course = make_course("Course", price=20, discount_price=10)
    assert course.get_effective_price() == 10
    course.discount_ends = timezone.now() - timedelta(seconds=1)
    assert course.get_effective_price() == 20
    course.discount_price = 20
    with pytest.raises(ValidationError) as refused:
        course.clean()
    assert list(refused.value.error_dict) == ["discount_price"]


def test_publishing_sets_the_date_and_unpublishing_takes_it_back() -> None:
    course = make_course("Course")
    course.publish()
    first = course.published_date
    course.publish()
    assert (course.is_published, course.is_draft, course.published_date) == (True, False, first)
    course.unpublish()
    assert (course.is_published, course.is_draft, course.published_date) == (False, True, None)


def test_views_are_counted_in_the_database() -> None:
    course = make_course("Course")
    same = Course.objects.get(pk=course.pk)
    course.increment_view_count()
    same.increment_view_count()
    assert same.view_count == 2
    same.reset_analytics()
    assert same.view_count == 0


def test_derived_columns_are_saved_with_update_fields(question: Question, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("a@example.org", "anna", "password")
    message = Notification.objects.create(user=user, title="T", message="M")
    message.is_read = True
    message.save(update_fields=["is_read"])
    message.refresh_from_db()
    assert message.read_date is not None

    attempt = AssessmentAttempt.objects.create(
        user=user, assessment=question.assessment, score=1, max_score=4
    )
    attempt.passed = True
    attempt.save(update_fields=["passed"])
    attempt.refresh_from_db()
    assert attempt.is_passed
    assert attempt.score_percentage == 25.0


def test_preferences_and_bookmarks_check_what_they_point_to(module: Module, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("a@example.org", "anna", "password")
    preference = UserPreference.objects.create(user=user, theme="dark", timezone="Nowhere/Land")
    with pytest.raises(ValidationError):
        preference.full_clean()
    preference.update_accessibility_setting("high_contrast", True)
    assert preference.get_effective_theme() == "high_contrast"
    preference.reset_to_defaults()
    assert (preference.theme, preference.accessibility, preference.timezone) == ("system", {}, "")

    bookmark = Bookmark(user=user, content_object=module)
    bookmark.full_clean()
    bookmark.object_id = "999999"
    with pytest.raises(ValidationError):
        Bookmark(user=user, content_type=bookmark.content_type, object_id="999999").full_clean()
