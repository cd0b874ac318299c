"""Starting, publishing, cloning and deleting courses over HTTP: the same for all viewsets of courses."""

from typing import TYPE_CHECKING, Any

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Course
from ..publishing import copy_course, delete_course, publish_course, start_course, unpublish_course
from ..serializers.core import CourseCloneSerializer, CourseSerializer, CourseVersionSerializer
from ..viewer import Viewer
from ..visibility import visible_courses, visible_versions
from .schema import extend_schema

if TYPE_CHECKING:
    from .context import _View
else:
    _View = object


def course_answer(request: Request, course: Course, code: int = status.HTTP_200_OK) -> Response:
    """The course as it is now for the caller, who may have become its lead with this very request."""
    viewer = Viewer(request.user)
    rows = CourseSerializer.setup_eager_loading(visible_courses(viewer), viewer)
    context = {"request": request, "viewer": viewer, "user_access_level": viewer.level}
    return Response(CourseSerializer(rows.get(pk=course.pk), context=context).data, status=code)


def clone_answer(request: Request, course: Course) -> Response:
    """Clones the course as the request's body says."""
    wishes = CourseCloneSerializer(data=request.data)
    wishes.is_valid(raise_exception=True)
    copy = copy_course(course, request.user, **wishes.validated_data)
    return course_answer(request, copy, status.HTTP_201_CREATED)


class CourseOwnershipMixin(_View):
    """POST and DELETE of courses; CanWriteCourses says who may."""

    @extend_schema(request=CourseSerializer, responses={201: CourseSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Starts a course: a draft led by the caller (policy 7)."""
        serializer = CourseSerializer(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return course_answer(request, start_course(serializer, request.user), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deletes a course nobody ever enrolled in; 409 for others (policy 7)."""
        delete_course(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CoursePublicationMixin(_View):
    """What a course's editors do with it as a whole (VIEW-12), and its versions."""

    @extend_schema(request=None, responses=CourseSerializer)
    @action(detail=True, methods=["put"])
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Publishes the course; 400 while it has no lesson to show, 409 when it is published."""
        return course_answer(request, publish_course(self.get_object()))

    @extend_schema(request=None, responses=CourseSerializer)
    @action(detail=True, methods=["put"])
    def unpublish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Turns the course back into a draft; 409 when it is one."""
        return course_answer(request, unpublish_course(self.get_object()))

    @extend_schema(request=CourseCloneSerializer, responses={201: CourseSerializer})
    @action(detail=True, methods=["post"])
    def clone(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Makes the next version of the course, led by the caller."""
        return clone_answer(request, self.get_object())

    @extend_schema(responses=CourseVersionSerializer(many=True))
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The course, its parent and its children, as far as the caller may see them (VIEW-10)."""
        course: Course = self.get_object()
        rows = visible_versions(course, Viewer.of(request))
        serializer = self.get_serializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response(serializer.data)
