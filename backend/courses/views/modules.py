"""Modules with the lessons the caller may see (GUARD-04)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Module
from ..serializers.core import ModuleDetailSerializer, ModuleSerializer
from ..visibility import visible_modules
from .context import ConsolidatedPermissionMixin, OptimizedSerializerMixin, StandardContextMixin
from .filters import ORDERING_HELP, SafeFilterMixin, by_id, by_text
from .pagination import StandardResultsSetPagination
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin


class ModuleViewSet(
    ThrottleMixin,
    OptimizedSerializerMixin,
    ConsolidatedPermissionMixin,
    SafeFilterMixin,
    StandardContextMixin,
    viewsets.ReadOnlyModelViewSet[Module],
):
    """Lists and shows published modules of published courses; instructors and staff see the others too."""

    queryset = Module.objects.all()
    serializer_class = ModuleSerializer
    serializer_classes = {"retrieve": ModuleDetailSerializer}
    permission_classes = (IsAuthenticatedOrReadOnly,)
    pagination_class = StandardResultsSetPagination
    safe_filters = {"course": by_text("course__slug"), "course_id": by_id("course")}
    ordering_fields = {"title": "title", "order": "order"}
    default_ordering = ("course", "order")

    def get_queryset(self) -> QuerySet[Module]:
        return self.optimize(visible_modules(self.viewer))

    @extend_schema(
        parameters=query_parameters(
            course="Slug of a course", course_id="Id of a course", ordering=ORDERING_HELP
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Modules the caller may see."""
        return super().list(request, *args, **kwargs)
