"""Lessons: lists hold those the caller may open, by id the others show a teaser (policy 4)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Lesson
from ..serializers.core import LessonSerializer
from ..visibility import existing_lessons, visible_lessons
from .context import OptimizedSerializerMixin, SharedListMixin
from .filters import ORDERING_HELP, SafeFilterMixin, by_flag, by_id, by_text
from .pagination import StandardResultsSetPagination
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin


class LessonViewSet(
    ThrottleMixin,
    OptimizedSerializerMixin,
    SafeFilterMixin,
    SharedListMixin,
    viewsets.ReadOnlyModelViewSet[Lesson],
):
    """Lists and shows lessons of published modules; instructors and staff see the others too."""

    queryset = Lesson.objects.all()
    serializer_class = LessonSerializer
    permission_classes = (IsAuthenticatedOrReadOnly,)
    pagination_class = StandardResultsSetPagination
    safe_filters = {
        "course": by_text("module__course__slug"),
        "course_id": by_id("module__course"),
        "module": by_id("module"),
        "module_id": by_id("module"),
        "type": by_text("type"),
        "access_level": by_text("access_level"),
        "free_preview": by_flag("is_free_preview"),
        "has_assessment": by_flag("has_assessment"),
        "has_lab": by_flag("has_lab"),
        "search": by_text("title__icontains"),
    }
    ordering_fields = {"title": "title", "order": "order", "duration_minutes": "duration_minutes"}
    default_ordering = ("module__course", "module__order", "order")

    def get_queryset(self) -> QuerySet[Lesson]:
        found = existing_lessons if self.action == "retrieve" else visible_lessons
        return self.optimize(found(self.viewer))

    @extend_schema(
        parameters=query_parameters(
            course="Slug of a course",
            course_id="Id of a course",
            module="Id of a module",
            module_id="Id of a module",
            type="Lesson type",
            access_level="Level the lesson asks for",
            free_preview="Only free previews, or only others",
            has_assessment="Only with assessment, or only without",
            has_lab="Only with lab, or only without",
            search="Text in the title",
            ordering=ORDERING_HELP,
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Lessons the caller may open."""
        return super().list(request, *args, **kwargs)
