"""Progress in lessons: learners write their own, where the lesson is open to them (policies 6, 8)."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import status, viewsets
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ..choices import EnrollmentStatus
from ..learner_rows import readable_progress, writable_progress
from ..learning.standing import record_progress
from ..models import Enrollment, Progress
from ..permissions import IsOwnerOrReadOnly
from ..serializers.course_standing import CourseStandingSerializer
from ..serializers.enrolment import EnrollmentSerializer, ProgressSerializer
from .context import OptimizedSerializerMixin, StandardContextMixin
from .schema import extend_schema
from .secure import SecureAPIView, ThrottleMixin


def current_enrollments(user: Any) -> QuerySet[Enrollment]:
    """The enrolments of the courses the user is in."""
    return Enrollment.objects.filter(user=user, status__in=EnrollmentStatus.active_statuses())


class ProgressViewSet(ThrottleMixin, OptimizedSerializerMixin, viewsets.ModelViewSet[Progress]):
    """Progress rows, newest first; instructors who view analytics and staff read those of others."""

    queryset = Progress.objects.all()
    serializer_class = ProgressSerializer
    permission_classes = (IsAuthenticated, IsOwnerOrReadOnly)

    def get_queryset(self) -> QuerySet[Progress]:
        return self.optimize(readable_progress(self.viewer))

    def get_object(self) -> Progress:
        """The row, if the caller may read it; to be written, its lesson must be open as well (404)."""
        progress: Progress = super().get_object()
        if self.request.method not in SAFE_METHODS:
            get_object_or_404(writable_progress(self.viewer), pk=progress.pk)
        return progress

    @extend_schema(responses={200: ProgressSerializer, 201: ProgressSerializer})
    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Writes the caller's progress in a lesson: 201 for a new row, 200 for the one there is."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        lesson = values.pop("lesson")
        enrollment = get_object_or_404(current_enrollments(request.user), course__modules__lessons=lesson)
        progress, is_new = record_progress(enrollment, lesson.pk, **values)
        return self._answer(progress, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @transaction.atomic
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Writes what is sent, and only that: other columns may be written meanwhile."""
        progress = self.get_object()
        serializer = self.get_serializer(progress, data=request.data, partial=kwargs.get("partial", False))
        serializer.is_valid(raise_exception=True)
        record_progress(progress.enrollment, progress.lesson_id, **serializer.validated_data)
        return self._answer(progress)

    def perform_destroy(self, instance: Progress) -> None:
        """Deletes the row and what it gave the enrolment, both or nothing."""
        with transaction.atomic():
            instance.delete()

    def _answer(self, progress: Progress, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=progress.pk)).data, status=code)


class CourseProgressView(StandardContextMixin, SecureAPIView):
    """A learner's own standing in one course."""

    @extend_schema(responses=CourseStandingSerializer)
    def get(self, request: Request, course_slug: str) -> Response:
        """The enrolment, the progress rows in the outline's order, and totals; 404 for who is not enrolled."""
        own = EnrollmentSerializer.setup_eager_loading(current_enrollments(request.user), self.viewer)
        enrollment = get_object_or_404(own, course__slug=course_slug)
        rows = ProgressSerializer.setup_eager_loading(enrollment.progress.all(), self.viewer)
        standing = {
            "enrollment": enrollment,
            "progress": rows.order_by("lesson__module__order", "lesson__order", "pk"),
        }
        context = {"request": request, "viewer": self.viewer}
        return Response(CourseStandingSerializer(standing, context=context).data)
