"""Categories."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from ..models import Category
from ..viewer import Viewer
from ..visibility import visible_courses, with_course_counts
from .mixins import ANYBODY, ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin


class CategorySerializer(
    ContextPropagationMixin,
    OptimizedQueryMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Category],
):
    """A category; `course_count` counts the courses the viewer may see (ARCH-04)."""

    html_fields = ("description",)
    text_fields = ("name", "icon")

    course_count = serializers.SerializerMethodField()

    class Meta:
        model = Category
        fields = (
            "id",
            "name",
            "description",
            "icon",
            "slug",
            "is_active",
            "sort_order",
            "parent",
            "course_count",
            "created_date",
            "updated_date",
            "featured",
        )
        read_only_fields = ("slug",)

    @classmethod
    def setup_eager_loading(
        cls, queryset: QuerySet[Category], viewer: Viewer = ANYBODY
    ) -> QuerySet[Category]:
        return with_course_counts(queryset, viewer).select_related("parent")

    def get_course_count(self, category: Category) -> int:
        known: int | None = getattr(category, "visible_course_count", None)
        return known if known is not None else visible_courses(self.viewer).filter(category=category).count()

    def _process_representation_safely(self, data: dict[str, Any], instance: Category) -> dict[str, Any]:
        # An inactive parent is for staff, its id too (policy 11).
        parent = instance.parent
        hidden = parent is not None and not parent.is_active and not self.viewer.is_staff
        return {**data, "parent": None} if hidden else data
