"""Tasks that take their time: export and import of a course's content (SEC-04)."""

from typing import Any

from celery.result import EagerResult
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import Conflict, QueueUnavailable
from ..models import Course
from ..serializers.transfer import ImportExportSerializer, TaskCourseSerializer, TaskStartedSerializer
from ..tasks import import_export, import_export_lock
from ..viewer import Viewer
from ..visibility import visible_courses
from .context import ConsolidatedPermissionMixin
from .schema import extend_schema
from .secure import SecureAPIView


class ImportExportView(ConsolidatedPermissionMixin, SecureAPIView):
    """Starts one task per course at a time; 409 while another one runs."""

    @extend_schema(request=ImportExportSerializer, responses={202: TaskStartedSerializer})
    def post(self, request: Request) -> Response:
        course = self._course(request)
        self.require_right("can_edit_content", course)
        wish = ImportExportSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        action = wish.validated_data["action"]
        content = wish.validated_data["content"] if action == "import" else None
        task = _start(action, course, content)
        started = {
            "task_id": task.id,
            "action": action,
            "course": course.slug,
            "status": _status_of(task),
        }
        return Response(TaskStartedSerializer(started).data, status=status.HTTP_202_ACCEPTED)

    def _course(self, request: Request) -> Course:
        """The course named in the body; 404 for one the caller may not see, as for none."""
        named = TaskCourseSerializer(data=request.data)
        named.is_valid(raise_exception=True)
        courses = visible_courses(Viewer.of(request))
        return get_object_or_404(courses, slug=named.validated_data["course"])


def _start(action: str, course: Course, content: Any) -> Any:
    """Hands the task over with the lock, which the task releases."""
    lock = import_export_lock(course.pk)
    if not lock.acquire():
        raise Conflict(_("Another import or export of this course is running."))
    try:
        return import_export.delay(action, course.pk, lock.token, content)
    except Exception as error:  # each broker raises errors of its own; those of the task stay in the task
        lock.release()
        raise QueueUnavailable from error


def _status_of(task: Any) -> str:
    if not isinstance(task, EagerResult):
        return "queued"
    return "done" if task.successful() else "failed"
