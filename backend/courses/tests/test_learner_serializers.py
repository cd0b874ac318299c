"""What serializers say of attempts, and what they take that is no object of its own (SER-04, SER-09)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import courses.serializers
from courses.models import Answer, AssessmentAttempt, AttemptAnswer, Note, Question
from courses.serializers import (
    AssessmentAttemptSerializer,
    AttemptAnswerSerializer,
    BulkEnrollmentSerializer,
    CourseFeedbackSerializer,
    LessonNotesUploadSerializer,
    NoteSerializer,
)
from courses.serializers.misc import CourseCompletionCertificateRequestSerializer
from courses.viewer import Viewer

from .world import EVERYBODY, INSIDERS, World

BACKEND = Path(__file__).resolve().parents[2]
MARKS = {"is_correct", "points_earned", "feedback"}


@pytest.fixture
def attempt(world: World) -> AssessmentAttempt:
    """The registered learner's attempt with one marked answer."""
    assessment = world.lessons["guest"].assessment
    attempt = AssessmentAttempt.objects.create(
        user=world.people["registered"], assessment=assessment, score=1, max_score=3, ip_address="192.0.2.7"
    )
    question = assessment.questions.get()
    AttemptAnswer.objects.create(
        attempt=attempt,
        question=question,
        selected_answer=question.answers.get(),
        is_correct=True,
        feedback="feedback-of-a-marker",
    )
    return attempt


@pytest.mark.parametrize("who", EVERYBODY)
def test_marks_of_an_attempt_are_for_the_course_s_instructors_and_staff(
    who: str, world: World, attempt: AssessmentAttempt
) -> None:
    viewer = Viewer(world.people.get(who))
    data = AssessmentAttemptSerializer(attempt, context={"viewer": viewer}).data
    single = AttemptAnswerSerializer(attempt.answers_attempt.get(), context={"viewer": viewer}).data

    shown = MARKS if who in INSIDERS else set()
    assert set(data["answers"][0]) & MARKS == set(single) & MARKS == shown
    assert data["score_percentage"] == pytest.approx(33.33)
    assert "192.0.2.7" not in str(data)


@pytest.mark.parametrize("who", ["registered", "owner"])
def test_attempts_take_the_same_queries_for_more_answers(
    who: str, world: World, attempt: AssessmentAttempt
) -> None:
    def queries() -> int:
        viewer = Viewer(world.people[who])
        rows = AssessmentAttemptSerializer.setup_eager_loading(AssessmentAttempt.objects.all(), viewer)
        with CaptureQueriesContext(connection) as captured:
            assert AssessmentAttemptSerializer(rows, many=True, context={"viewer": viewer}).data
        return len(captured)

    few = queries()
    for number in range(3):
        question = Question.objects.create(assessment=attempt.assessment, question_text=f"Question {number}")
        answer = Answer.objects.create(question=question, answer_text="An answer")
        AttemptAnswer.objects.create(attempt=attempt, question=question, selected_answer=answer)
    assert queries() == few


def test_a_note_s_representation_shares_nothing_with_it(world: World) -> None:
    note = Note(user=world.people["registered"], lesson=world.lessons["guest"], content="Words", tags=["one"])
    data = NoteSerializer(note, context={"viewer": Viewer(note.user)}).data
    data["tags"].append("two")
    data["lesson"]["title"] = "Another"

    assert note.tags == ["one"]
    assert NoteSerializer(note).data["lesson"]["title"] == "Lesson guest"


@pytest.mark.parametrize(
    ("serializer", "data", "errors"),
    [
        (LessonNotesUploadSerializer, {"content": "<script>x</script>"}, ["content"]),
        (LessonNotesUploadSerializer, {"content": "Words", "tags": ["x"] * 21}, ["tags"]),
        (BulkEnrollmentSerializer, {"user_ids": [1]}, ["course_id"]),
        (BulkEnrollmentSerializer, {"course_id": "published", "user_ids": []}, ["user_ids"]),
        (BulkEnrollmentSerializer, {"course_id": "published", "user_ids": [1] * 101}, ["user_ids"]),
        (BulkEnrollmentSerializer, {"course_id": "draft", "user_ids": [1]}, ["course_id"]),
        (BulkEnrollmentSerializer, {"course_id": "published", "user_ids": [2, 1, 2]}, []),
        (CourseFeedbackSerializer, {"rating": 6}, ["rating"]),
        (CourseFeedbackSerializer, {"rating": 5, "comment": "Fine"}, []),
        (CourseCompletionCertificateRequestSerializer, {"course_id": "draft"}, ["course_id"]),
        (CourseCompletionCertificateRequestSerializer, {"course_id": "published"}, []),
    ],
)
def test_payloads_are_checked_by_field(
    serializer: Any, data: dict[str, Any], errors: list[str], world: World
) -> None:
    ids = {"published": world.course.pk, "draft": world.draft.pk}
    body = {**data, "course_id": ids[data["course_id"]]} if "course_id" in data else data
    checked = serializer(data=body, context={"viewer": Viewer(world.people["registered"])})

    assert (checked.is_valid(), list(checked.errors)) == (not errors, errors)
    if serializer is BulkEnrollmentSerializer and not errors:
        assert checked.validated_data["user_ids"] == [2, 1]


def test_every_published_serializer_is_exported() -> None:
    for name in courses.serializers.__all__:
        assert hasattr(courses.serializers, name)
    assert len(courses.serializers.__all__) == 28


@pytest.mark.parametrize("module", ["notes", "attempts", "misc", "utils", "enrolment", "public", "fields"])
def test_each_of_these_modules_can_be_imported_first(module: str) -> None:
    code = f"import django; django.setup(); import courses.serializers.{module}"
    environment = {"DJANGO_SETTINGS_MODULE": "educore.settings", "PYTHONPATH": str(BACKEND)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr.decode()
