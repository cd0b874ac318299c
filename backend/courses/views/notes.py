"""Learners' notes: their authors write them, staff read them, others what is shared with them (policy 6)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ..learner_rows import readable_notes
from ..models import Note
from ..permissions import IsAuthorOrReadOnly
from ..serializers.analytics import NoteSerializer
from .context import OptimizedSerializerMixin
from .filters import SafeFilterMixin, by_id, by_text
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin


class NoteViewSet(ThrottleMixin, OptimizedSerializerMixin, SafeFilterMixin, viewsets.ModelViewSet[Note]):
    """Notes on lessons, newest first."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    permission_classes = (IsAuthenticated, IsAuthorOrReadOnly)
    safe_filters = {"course": by_text("lesson__module__course__slug"), "lesson": by_id("lesson")}
    default_ordering = ("-created_date", "-pk")

    def get_queryset(self) -> QuerySet[Note]:
        return self.optimize(readable_notes(self.viewer))

    @extend_schema(parameters=query_parameters(course="Slug of a course", lesson="Id of a lesson"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Notes the caller may read."""
        return super().list(request, *args, **kwargs)
