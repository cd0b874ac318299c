"""Representations: pure, complete, on demand as good as prefetched (SER-01 to SER-09)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Answer, Lesson, Question, Resource
from courses.serializers import (
    AnswerSerializer,
    AssessmentSerializer,
    CourseDetailSerializer,
    CourseSerializer,
    LessonSerializer,
    ModuleSerializer,
    QuestionSerializer,
    ResourceSerializer,
)
from courses.viewer import Viewer
from courses.visibility import existing_lessons, visible_courses, visible_modules

from .world import EVERYBODY, World

BACKEND = Path(__file__).resolve().parents[2]


def of(world: World, who: str) -> Viewer:
    return Viewer(world.people.get(who))


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_single_object_looks_like_a_prefetched_one(who: str, world: World) -> None:
    pairs: tuple[tuple[Any, Any], ...] = (
        (CourseSerializer, visible_courses),
        (CourseDetailSerializer, visible_courses),
        (ModuleSerializer, visible_modules),
        (LessonSerializer, existing_lessons),
    )
    for serializer, rows in pairs:
        prefetched = serializer.setup_eager_loading(rows(of(world, who)), of(world, who)).order_by("pk")
        plain = prefetched.model.objects.filter(pk__in=prefetched.values("pk")).order_by("pk")
        context = {"viewer": of(world, who)}
        expected = serializer(prefetched, many=True, context=context).data
        assert expected
        assert serializer(plain, many=True, context=context).data == expected


def test_a_lesson_seen_by_one_is_not_remembered_for_the_next(world: World) -> None:
    lesson = Lesson.objects.get(pk=world.lessons["premium"].pk)
    premium = LessonSerializer(lesson, context={"viewer": of(world, "premium")}).data
    guest = LessonSerializer(lesson).data

    assert (premium["is_restricted"], guest["is_restricted"]) == (False, True)
    assert (guest["resources"], guest["premium_resources"], guest["assessment"]) == ([], [], None)


def test_an_answer_has_the_same_text_under_both_keys(world: World) -> None:
    question = Question.objects.get(question_text="question-of-guest")
    for values in ({"answer_text": "a"}, {"text": "a"}, {"answer_text": "a", "text": "a"}):
        answer = Answer.objects.create(question=question, **values)
        assert AnswerSerializer(answer).data["text"] == AnswerSerializer(answer).data["answer_text"] == "a"

    Answer.objects.filter(question=question).update(answer_text="", text="legacy")
    assert AnswerSerializer(question.answers.first()).data["text"] == "legacy"


@pytest.mark.parametrize("who", ["guest", "owner"])
def test_questions_bring_their_answers_in_order_with_constant_queries(who: str, world: World) -> None:
    assessment = world.lessons["guest"].assessment
    first = assessment.questions.get()
    Answer.objects.create(question=first, answer_text="zero", order=0)

    def load() -> tuple[Any, int]:
        viewer = of(world, who)
        assert viewer.teaching is not None
        rows = QuestionSerializer.setup_eager_loading(assessment.questions.order_by("order"))
        with CaptureQueriesContext(connection) as captured:
            data = QuestionSerializer(rows, many=True, context={"viewer": viewer}).data
        return data, len(captured)

    data, few = load()
    assert [answer["text"] for answer in data[0]["answers"]] == ["zero", "answer-of-guest"]
    for _ in range(3):
        question = Question.objects.create(assessment=assessment, question_text="More")
        question.answers.create(answer_text="More")
    assert load()[1] == few == 2


def test_an_assessment_takes_three_queries(world: World) -> None:
    rows = AssessmentSerializer.setup_eager_loading(type(world.lessons["guest"].assessment).objects.all())
    with CaptureQueriesContext(connection) as captured:
        assert len(AssessmentSerializer(rows, many=True).data) == 8

    assert len(captured) == 3


def test_a_representation_shares_nothing_with_the_instance(world: World) -> None:
    world.course.requirements = ["first"]
    data = CourseSerializer(world.course).data
    data["requirements"].append("mutated")
    data["title"] = "mutated"

    assert world.course.requirements == ["first"]
    assert CourseSerializer(world.course).data["requirements"] == ["first"]


def test_the_hook_runs_once_per_object(world: World, monkeypatch: Any) -> None:
    seen: list[Any] = []

    def hook(_self: Any, data: Any, instance: Any) -> Any:
        seen.append(instance)
        return data

    monkeypatch.setattr(ResourceSerializer, "_process_representation_safely", hook)
    resource = world.lessons["guest"].resources.first()
    assert ResourceSerializer(resource).data["title"] == "open-resource-of-guest"

    assert seen == [resource]


def test_sizes_are_shown_for_people_or_not_at_all() -> None:
    known = ResourceSerializer(Resource(title="R", file_size=1536, duration_minutes=65)).data
    assert known["format_file_size"] == known["file_size_display"] == "1.5 KB"
    assert known["format_duration"] == known["duration_display"] == "1h 5m"

    corrupt = ResourceSerializer(Resource(title="R", file_size=-1, duration_minutes=-1)).data
    names = ("file_size", "duration_minutes", "format_file_size", "format_duration")
    assert [corrupt[name] for name in names] == [None] * 4


@pytest.mark.parametrize("field", ["file_size", "duration_minutes"])
@pytest.mark.django_db
def test_a_negative_size_is_refused(field: str) -> None:
    serializer = ResourceSerializer(data={"title": "Resource", "type": "link", field: -1})

    assert not serializer.is_valid()
    assert list(serializer.errors) == [field]


@pytest.mark.parametrize("module", ["analytics", "core", "mixins", "reviews", "assessments"])
def test_each_module_can_be_imported_first(module: str) -> None:
    code = f"import django; django.setup(); import courses.serializers.{module}"
    environment = {"DJANGO_SETTINGS_MODULE": "educore.settings", "PYTHONPATH": str(BACKEND)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert ran.returncode == 0, ran.stderr.decode()
