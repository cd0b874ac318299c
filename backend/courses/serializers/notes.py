"""Learners' notes on lessons."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..constants import MAX_CONTENT_LENGTH
from ..models import Lesson, Note
from ..validators import validate_tags
from ..viewer import Viewer
from ..visibility import visible_lessons
from .fields import SpokenBooleanField, VisibleRowField
from .learner_lesson import LearnerLessonSerializer
from .mixins import (
    ANYBODY,
    ContextPropagationMixin,
    EnhancedValidationMixin,
    OptimizedQueryMixin,
    SetOnceMixin,
)


class NoteSerializer(
    SetOnceMixin,
    ContextPropagationMixin,
    OptimizedQueryMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Note],
):
    """A note with its lesson. It is private unless its author says otherwise, either way (SER-10)."""

    text_fields = ("content", "tags")
    set_once_fields = ("lesson_id",)

    lesson = LearnerLessonSerializer(read_only=True)
    lesson_id = VisibleRowField[Lesson](source="lesson", rows=visible_lessons, write_only=True)
    is_private = SpokenBooleanField(required=False)

    class Meta:
        model = Note
        fields = (
            "id",
            "lesson",
            "lesson_id",
            "content",
            "is_private",
            "tags",
            "created_date",
            "updated_date",
        )
        extra_kwargs = {
            "content": {"max_length": MAX_CONTENT_LENGTH["note"]},
            "tags": {"validators": [validate_tags]},
        }

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Note], viewer: Viewer = ANYBODY) -> QuerySet[Note]:
        lessons = LearnerLessonSerializer.setup_eager_loading(Lesson.objects.all(), viewer)
        return queryset.prefetch_related(Prefetch("lesson", queryset=lessons))

    def create(self, validated_data: dict[str, Any]) -> Note:
        note: Note = super().create({**validated_data, "user": self.context["request"].user})
        return note
