"""Modules and lessons in the making (VIEW-02, VIEW-03, GUARD-04)."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Lesson, Module
from ..serializers.drafts import DraftLessonSerializer, DraftModuleSerializer
from ..visibility import existing_lessons
from .filters import ORDERING_HELP, by_id, by_text
from .schema import extend_schema, query_parameters
from .taught import TaughtRowsViewSet


class TaughtModuleViewSet(TaughtRowsViewSet):
    """Every module of the caller's courses."""

    queryset = Module.objects.all()
    serializer_class = DraftModuleSerializer
    path_to_course = "course__"
    safe_filters = {"course": by_text("course__slug"), "course_id": by_id("course")}
    ordering_fields = {"title": "title", "order": "order"}
    default_ordering = ("course", "order")

    @extend_schema(
        parameters=query_parameters(
            course="Slug of a course", course_id="Id of a course", ordering=ORDERING_HELP
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Modules of the caller's courses."""
        return super().list(request, *args, **kwargs)


class DraftModuleViewSet(TaughtModuleViewSet):
    """Those of them that the public cannot see."""

    shown = Q(is_published=False) | Q(course__is_published=False)


class TaughtLessonViewSet(TaughtRowsViewSet):
    """Every lesson of the caller's courses."""

    queryset = Lesson.objects.all()
    serializer_class = DraftLessonSerializer
    path_to_course = "module__course__"
    safe_filters = {
        "course": by_text("module__course__slug"),
        "course_id": by_id("module__course"),
        "module_id": by_id("module"),
        "type": by_text("type"),
        "access_level": by_text("access_level"),
    }
    ordering_fields = {"title": "title", "order": "order"}
    default_ordering = ("module__course", "module__order", "order")

    @extend_schema(
        parameters=query_parameters(
            course="Slug of a course",
            course_id="Id of a course",
            module_id="Id of a module",
            type="Lesson type",
            access_level="Level the lesson asks for",
            ordering=ORDERING_HELP,
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Lessons of the caller's courses."""
        return super().list(request, *args, **kwargs)

    def existing(self) -> QuerySet[Any]:
        # It knows which of them are open: an unknown level is for the lead and staff alone.
        return existing_lessons(self.viewer)


class DraftLessonViewSet(TaughtLessonViewSet):
    """Those of them that the public cannot see."""

    shown = Q(module__is_published=False) | Q(module__course__is_published=False)
