"""Learners in courses: whoever signs in enrols in what they may see, and leaves again (policy 8)."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ..learner_rows import readable_enrollments
from ..learning.enrolling import AlreadyEnrolled, NotEnrolled, enrol, unenrol
from ..models import Course, Enrollment
from ..permissions import IsAuthorOrStaff, IsOwnerOrReadOnly
from ..serializers.enrolment import EnrollmentSerializer
from ..serializers.utils import StatusResponseSerializer
from ..viewer import Viewer
from ..visibility import visible_courses
from .context import OptimizedSerializerMixin, StandardContextMixin
from .schema import extend_schema
from .secure import SecureAPIView, ThrottleMixin

if TYPE_CHECKING:
    from .context import _View
else:
    _View = object


def enrollment_answer(request: Request, enrollment: Enrollment) -> Response:
    """201 with the new enrolment as its learner sees it."""
    viewer = Viewer.of(request)
    row = EnrollmentSerializer.setup_eager_loading(Enrollment.objects.all(), viewer).get(pk=enrollment.pk)
    context = {"request": request, "viewer": viewer}
    return Response(EnrollmentSerializer(row, context=context).data, status.HTTP_201_CREATED)


def enrol_caller(request: Request, course: Course) -> Response:
    """Enrols the caller in the course; 400 when they are."""
    try:
        enrollment = enrol(request.user, course)
    except AlreadyEnrolled:
        raise ValidationError({"detail": _("You are enrolled in this course already.")}) from None
    return enrollment_answer(request, enrollment)


def unenrol_learner(enrollment: Enrollment) -> None:
    """Ends the enrolment; 400 when it has ended."""
    try:
        unenrol(enrollment)
    except NotEnrolled:
        raise ValidationError({"detail": _("This enrolment has ended already.")}) from None


class EnrollmentViewSet(ThrottleMixin, OptimizedSerializerMixin, viewsets.ModelViewSet[Enrollment]):
    """Enrolments, newest first; instructors who manage students and staff read those of others."""

    queryset = Enrollment.objects.all()
    serializer_class = EnrollmentSerializer
    permission_classes = (IsAuthenticated, IsOwnerOrReadOnly)

    def get_permissions(self) -> list[BasePermission]:
        """Staff end an enrolment, but do not write it (policy 6)."""
        writer = IsAuthorOrStaff if self.action in ("destroy", "unenroll") else IsOwnerOrReadOnly
        return [IsAuthenticated(), writer()]

    def get_queryset(self) -> QuerySet[Enrollment]:
        return self.optimize(readable_enrollments(self.viewer))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enrols the caller in a course; an unknown and a hidden one are refused alike (SER-08)."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return enrollment_answer(request, serializer.save())

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes nothing: an enrolment stays with its course, and its state has operations of its own."""
        enrollment = self.get_object()
        serializer = self.get_serializer(enrollment, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.data)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ends the enrolment; its row stays."""
        unenrol_learner(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=StatusResponseSerializer)
    @action(detail=True, methods=["post"])
    def unenroll(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ends the enrolment and revokes its certificate (VIEW-14)."""
        unenrol_learner(self.get_object())
        return Response({"detail": _("You have left the course.")})


class CourseEnrolmentMixin(_View):
    """The same from the course's side, for CourseViewSet."""

    @extend_schema(request=None, responses={201: EnrollmentSerializer})
    @action(detail=True, methods=["post"], permission_classes=(IsAuthenticated,))
    def enroll(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enrols the caller in the course."""
        return enrol_caller(request, self.get_object())


class CourseEnrollmentView(StandardContextMixin, SecureAPIView):
    """The same again, at a path of its own."""

    @extend_schema(request=None, responses={201: EnrollmentSerializer})
    def post(self, request: Request, course_slug: str) -> Response:
        """Enrols the caller in the course."""
        return enrol_caller(request, get_object_or_404(visible_courses(self.viewer), slug=course_slug))
