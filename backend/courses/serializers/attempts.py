"""Attempts at assessments; how they were marked is for instructors and staff (policy 5)."""

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..models import AssessmentAttempt, AttemptAnswer
from ..viewer import Viewer
from .mixins import ANYBODY, ContextPropagationMixin, OptimizedQueryMixin, PermissionAwareMixin


class AttemptAnswerSerializer(
    PermissionAwareMixin, OptimizedQueryMixin, serializers.ModelSerializer[AttemptAnswer]
):
    """A learner's answer to one question. The points would tell what the mark does."""

    instructor_only_fields = ("is_correct", "points_earned", "feedback")

    text_response = serializers.CharField(read_only=True)

    class Meta:
        model = AttemptAnswer
        fields = (
            "id",
            "question",
            "selected_answer",
            "text_answer",
            "text_response",
            "is_correct",
            "points_earned",
            "feedback",
            "answered_at",
        )
        read_only_fields = fields

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[AttemptAnswer], viewer: Viewer = ANYBODY
    ) -> QuerySet[AttemptAnswer]:
        return queryset.select_related("selected_answer", "question__assessment__lesson__module__course")


class AssessmentAttemptSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[AssessmentAttempt]
):
    """One go at an assessment with its answers; from where it was made is nobody's business."""

    score_percentage = serializers.FloatField(read_only=True)
    answers = AttemptAnswerSerializer(source="answers_attempt", many=True, read_only=True)

    class Meta:
        model = AssessmentAttempt
        fields = (
            "id",
            "assessment",
            "start_time",
            "end_time",
            "time_taken_seconds",
            "score",
            "max_score",
            "score_percentage",
            "is_completed",
            "is_passed",
            "passed",
            "attempt_number",
            "answers",
        )
        read_only_fields = fields

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[AssessmentAttempt], viewer: Viewer = ANYBODY
    ) -> QuerySet[AssessmentAttempt]:
        answers = AttemptAnswerSerializer.setup_eager_loading(AttemptAnswer.objects.order_by("pk"), viewer)
        return queryset.prefetch_related(Prefetch("answers_attempt", queryset=answers))
