"""Courses in the making: drafts, how learners will see them, and their versions (policy 3)."""

from typing import Any

from django.db.models import Q
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from ..access_levels import ACCESS_LEVELS, PREMIUM
from ..models import Course
from ..permissions import CanWriteCourses, InstructorArea, IsCourseInstructor
from ..serializers.core import CourseDetailSerializer, CourseSerializer, CourseVersionSerializer
from ..serializers.drafts import VersionControlSerializer
from ..viewer import Viewer
from ..visibility import visible_versions
from .course_lifecycle import CourseOwnershipMixin
from .filters import ORDERING_HELP
from .instructor import InstructorView
from .schema import extend_schema, query_parameters
from .taught import DraftAccessMixin, TaughtRowsViewSet


class DraftCourseViewSet(CourseOwnershipMixin, TaughtRowsViewSet):
    """The unpublished ones of the caller's courses."""

    queryset = Course.objects.all()
    serializer_class = CourseSerializer
    permission_classes = (InstructorArea, CanWriteCourses)
    lookup_field = "slug"
    shown = Q(is_published=False)
    ordering_fields = {"title": "title", "created_date": "created_date", "updated_date": "updated_date"}
    default_ordering = ("-created_date",)

    @extend_schema(parameters=query_parameters(ordering=ORDERING_HELP))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Drafts of the caller."""
        return super().list(request, *args, **kwargs)


class TaughtCourseView(DraftAccessMixin, InstructorView):
    """One course, for those who teach it and staff: 403 for others, 404 where they may not see it."""

    permission_classes = (IsCourseInstructor,)


class CoursePreviewView(TaughtCourseView):
    """A course as learners of a level would see it, published or not."""

    @extend_schema(
        parameters=query_parameters(**{"as": "Level of the learner: guest, registered or premium"}),
        responses=CourseDetailSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        course = self.find_course(slug)
        level = request.query_params.get("as", PREMIUM)
        if level not in ACCESS_LEVELS:
            raise ValidationError({"as": [f"Enter one of {', '.join(ACCESS_LEVELS)}."]})
        learner = Viewer.previewing(course.pk, level)
        rows = CourseDetailSerializer.setup_eager_loading(Course.objects.all(), learner)
        context = {"request": request, "viewer": learner, "user_access_level": level}
        return Response(CourseDetailSerializer(rows.get(pk=course.pk), context=context).data)


class CourseVersionControlView(TaughtCourseView):
    """A course among its versions (VIEW-10)."""

    @extend_schema(responses=VersionControlSerializer)
    def get(self, request: Request, course_slug: str) -> Response:
        course = self.find_course(course_slug)
        versions = visible_versions(course, self.viewer)
        body: dict[str, Any] = {
            "course": CourseVersionSerializer(course).data,
            "versions": CourseVersionSerializer(versions, many=True).data,
        }
        return Response(body)
