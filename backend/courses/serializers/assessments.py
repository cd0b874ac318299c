"""Assessments, questions, answers; what gives the solution away is for instructors and staff (policy 5)."""

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..models import Answer, Assessment, Question
from ..viewer import Viewer
from .mixins import ANYBODY, ContextPropagationMixin, OptimizedQueryMixin, PermissionAwareMixin


class AnswerSerializer(PermissionAwareMixin, serializers.ModelSerializer[Answer]):
    """An answer; `text` and `answer_text` are the same string (SER-01)."""

    instructor_only_fields = ("is_correct", "explanation")

    text = serializers.CharField(source="text_property", read_only=True)
    answer_text = serializers.CharField(source="text_property", read_only=True)

    class Meta:
        model = Answer
        fields = ("id", "text", "answer_text", "is_correct", "explanation", "order")
        read_only_fields = fields


class QuestionSerializer(PermissionAwareMixin, OptimizedQueryMixin, serializers.ModelSerializer[Question]):
    """A question with its answers in order, under the key `answers` (SER-02, MOD-01)."""

    instructor_only_fields = ("explanation", "feedback")

    question_text = serializers.CharField(source="text_property", read_only=True)
    text = serializers.CharField(source="text_property", read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Question
        fields: tuple[str, ...] = (
            "id",
            "question_text",
            "text",
            "question_type",
            "points",
            "order",
            "explanation",
            "feedback",
            "answers",
        )
        read_only_fields = fields

    @classmethod
    def setup_eager_loading(
        cls,
        queryset: QuerySet[Question],
        viewer: Viewer = ANYBODY,  # the same for everybody
    ) -> QuerySet[Question]:
        answers = Answer.objects.order_by("order", "pk")
        return queryset.select_related("assessment__lesson__module__course").prefetch_related(
            Prefetch("answers", queryset=answers)
        )


class QuestionDetailSerializer(QuestionSerializer):
    """A question by itself: it names its assessment."""

    class Meta(QuestionSerializer.Meta):
        fields = (*QuestionSerializer.Meta.fields, "assessment", "created_date", "updated_date")
        read_only_fields = fields


class AssessmentSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[Assessment]
):
    """An assessment with its questions in order."""

    questions = QuestionSerializer(many=True, read_only=True)
    questions_count = serializers.SerializerMethodField()
    max_score = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "id",
            "title",
            "description",
            "passing_score",
            "max_attempts",
            "time_limit",
            "time_limit_minutes",
            "randomize_questions",
            "show_correct_answers",
            "show_results",
            "questions",
            "questions_count",
            "max_score",
            "created_date",
            "updated_date",
        )
        read_only_fields = fields

    @classmethod
    def setup_eager_loading(
        cls,
        queryset: QuerySet[Assessment],
        viewer: Viewer = ANYBODY,  # as above
    ) -> QuerySet[Assessment]:
        # The way up to the course comes with the assessment; the questions find it there.
        questions = Question.objects.order_by("order", "pk").prefetch_related(
            Prefetch("answers", queryset=Answer.objects.order_by("order", "pk"))
        )
        return queryset.select_related("lesson__module__course").prefetch_related(
            Prefetch("questions", queryset=questions)
        )

    def get_questions_count(self, assessment: Assessment) -> int:
        return len(assessment.questions.all())

    def get_max_score(self, assessment: Assessment) -> int:
        return sum(question.points for question in assessment.questions.all())
