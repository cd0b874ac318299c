"""Modules with the lessons the viewer may see."""

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..models import Module
from ..utils import calculate_completion_percentage
from ..viewer import Viewer
from ..visibility import lessons_of, visible_lessons
from .lesson import LessonSerializer
from .mixins import ANYBODY, ChosenRows, ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin


class ModuleSerializer(
    ContextPropagationMixin,
    OptimizedQueryMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Module],
):
    """A module; `lessons_count` is the number of `lessons`, which are those a list would show (ARCH-04)."""

    html_fields = ("description",)
    text_fields = ("title",)

    course = serializers.SlugRelatedField[Module](slug_field="slug", read_only=True)
    duration_display = serializers.CharField(read_only=True, allow_null=True)
    lessons = ChosenRows(choose=lessons_of, child=LessonSerializer())
    lessons_count = serializers.SerializerMethodField()

    class Meta:
        model = Module
        fields: tuple[str, ...] = (
            "id",
            "title",
            "description",
            "order",
            "duration_minutes",
            "duration_display",
            "is_published",
            "lessons",
            "lessons_count",
            "course",
            "created_date",
            "updated_date",
        )
        read_only_fields: tuple[str, ...] = ("is_published", "duration_minutes")

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Module], viewer: Viewer = ANYBODY) -> QuerySet[Module]:
        lessons = LessonSerializer.setup_eager_loading(visible_lessons(viewer), viewer)
        return queryset.select_related("course").prefetch_related(
            Prefetch("lessons", queryset=lessons, to_attr="visible_lessons")
        )

    def get_lessons_count(self, module: Module) -> int:
        return len(lessons_of(module, self.viewer))


class ModuleDetailSerializer(ModuleSerializer):
    """A module with the viewer's own standing in its visible lessons."""

    completion_stats = serializers.SerializerMethodField()

    class Meta(ModuleSerializer.Meta):
        fields = (*ModuleSerializer.Meta.fields, "completion_stats")

    def get_completion_stats(self, module: Module) -> dict[str, float]:
        lessons = lessons_of(module, self.viewer)
        completed = sum(self.viewer.progress_in(lesson.pk).is_completed for lesson in lessons)
        return {
            "total_lessons": len(lessons),
            "completed_lessons": completed,
            "completion_percentage": calculate_completion_percentage(completed, len(lessons)),
        }
