"""The lesson inside a learner's row: it obeys the gate of its own operation (policy 5)."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from ..models import Lesson
from ..viewer import Viewer
from ..visibility import lesson_exists_rule, lesson_open_rule
from .lesson import LessonSerializer, locked_fields
from .mixins import ANYBODY

# What a lesson that was withdrawn since keeps to itself, beyond what a teaser does: it does not exist any more (policy 3).
TEXTS = ("title", "content", "guest_content", "registered_content")


class LearnerLessonSerializer(LessonSerializer):
    """A lesson as the viewer may see it now: open, a teaser, or without any text once it was withdrawn."""

    class Meta(LessonSerializer.Meta):
        read_only_fields = LessonSerializer.Meta.fields

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Lesson], viewer: Viewer = ANYBODY) -> QuerySet[Lesson]:
        standing = {"is_open": lesson_open_rule(viewer), "is_known": lesson_exists_rule(viewer)}
        lessons = queryset.annotate(
            **{name: ExpressionWrapper(rule, output_field=BooleanField()) for name, rule in standing.items()}
        )
        return super().setup_eager_loading(lessons, viewer)

    def _process_representation_safely(self, data: dict[str, Any], instance: Lesson) -> dict[str, Any]:
        data = super()._process_representation_safely(data, instance)
        if self._is_known(instance):
            return data
        return {**data, **locked_fields(), **dict.fromkeys(TEXTS, "")}

    def _is_known(self, lesson: Lesson) -> bool:
        known: bool | None = getattr(lesson, "is_known", None)
        if known is not None:
            return bool(known)
        return Lesson.objects.filter(lesson_exists_rule(self.viewer), pk=lesson.pk).exists()
