"""The instructor area: modules, publishing, clones and numbers of one's own courses."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Course
from ..permissions import CanManageCourse, CanViewReports, InstructorArea
from ..publishing import publish_course, unpublish_course
from ..serializers.core import CourseCloneSerializer, CourseSerializer
from ..serializers.course import CoursePublishingSerializer
from ..serializers.teaching import CourseAnalyticsSerializer, InstructorDashboardSerializer
from ..teaching_reports import course_report, teacher_report
from ..throttling import SensitiveAPIThrottle
from ..visibility import visible_courses
from .context import StandardContextMixin
from .course_lifecycle import clone_answer, course_answer
from .draft_outline import TaughtModuleViewSet
from .schema import extend_schema
from .secure import SecureAPIView


class InstructorModuleViewSet(TaughtModuleViewSet):
    """Modules of the caller's courses, hidden or not; the team reads, its editors write (policy 7)."""


class InstructorView(StandardContextMixin, SecureAPIView):
    """A view for signed-in callers that knows who is asking."""

    def find_course(self, course_slug: str) -> Course:
        """The course, if the caller may see it (404) and use this view on it (403)."""
        course = get_object_or_404(visible_courses(self.viewer), slug=course_slug)
        self.check_object_permissions(self.request, course)
        return course

    def report(self, serializer_class: Any, numbers: dict[str, Any]) -> Response:
        """The numbers as this caller may see them."""
        context = {"request": self.request, "viewer": self.viewer}
        return Response(serializer_class(numbers, context=context).data)


class InstructorDashboardView(InstructorView):
    """For whoever teaches: their courses and how they are doing (SEC-05)."""

    permission_classes = (InstructorArea,)
    throttle_classes = (*SecureAPIView.throttle_classes, SensitiveAPIThrottle)

    @extend_schema(responses=InstructorDashboardSerializer)
    def get(self, request: Request) -> Response:
        """The courses the caller teaches, with totals."""
        return self.report(InstructorDashboardSerializer, teacher_report(self.viewer))


class CourseAnalyticsView(InstructorView):
    """For instructors with `can_view_analytics` and staff: one course in numbers (SEC-05, policy 6)."""

    permission_classes = (CanViewReports,)
    throttle_classes = (*SecureAPIView.throttle_classes, SensitiveAPIThrottle)

    @extend_schema(responses=CourseAnalyticsSerializer)
    def get(self, request: Request, course_slug: str) -> Response:
        """How the course's learners, lessons, assessments and reviews are doing."""
        return self.report(CourseAnalyticsSerializer, course_report(self.find_course(course_slug)))


class CoursePublishingView(InstructorView):
    """Publishing and unpublishing by one switch (VIEW-12)."""

    permission_classes = (IsAuthenticated, CanManageCourse)

    @extend_schema(request=CoursePublishingSerializer, responses=CourseSerializer)
    def put(self, request: Request, course_slug: str) -> Response:
        """Publishes the course or turns it back into a draft; 409 when it is so already."""
        course = self.find_course(course_slug)
        wish = CoursePublishingSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        change = publish_course if wish.validated_data["publish"] else unpublish_course
        return course_answer(request, change(course))


class CourseCloneView(InstructorView):
    """Cloning, as the action on the course does it (VIEW-13)."""

    permission_classes = (IsAuthenticated, CanManageCourse)

    @extend_schema(
        operation_id="instructor_courses_clone_create",
        request=CourseCloneSerializer,
        responses={201: CourseSerializer},
    )
    def post(self, request: Request, course_slug: str) -> Response:
        """Makes the next version of the course, led by the caller."""
        return clone_answer(request, self.find_course(course_slug))
