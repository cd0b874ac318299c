"""Resources of lessons: added and deleted by the course's editors (VIEW-02, STO-02)."""

import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import StorageUnavailable
from ..models import Lesson, Resource
from ..permissions import CanManageCourse
from ..serializers.core import ResourceSerializer
from ..serializers.resource_writing import ResourceWriteSerializer
from ..storage import require_storage
from ..viewer import Viewer
from ..visibility import taught_rule
from .schema import extend_schema
from .secure import SecureAPIView
from .taught import DraftAccessMixin

logger = logging.getLogger(__name__)


class ResourceManagementView(DraftAccessMixin, SecureAPIView):
    """POST below a lesson, DELETE of one resource; 404 for what the caller does not teach (policy 7)."""

    permission_classes = (*SecureAPIView.permission_classes, CanManageCourse)

    @extend_schema(request=ResourceWriteSerializer, responses={201: ResourceSerializer})
    @transaction.atomic
    def post(self, request: Request, lesson_id: int) -> Response:
        """Adds a resource: an uploaded file, a stored object or a link."""
        viewer = Viewer.of(request)
        lessons = Lesson.objects.filter(taught_rule(viewer, "module__course__"))
        lesson = get_object_or_404(lessons.select_related("module__course"), pk=lesson_id)
        self.check_object_permissions(request, lesson)
        context = {"request": request, "viewer": viewer, "lesson": lesson}
        serializer = ResourceWriteSerializer(data=request.data, context=context)
        serializer.is_valid(raise_exception=True)
        body = ResourceSerializer(serializer.save(), context=context).data
        return Response(body, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, resource_id: int) -> Response:
        """Deletes a resource, and what it stored once that is settled."""
        resources = Resource.objects.filter(taught_rule(Viewer.of(request), "lesson__module__course__"))
        resource = get_object_or_404(resources.select_related("lesson__module__course"), pk=resource_id)
        self.check_object_permissions(request, resource)
        if resource.storage_key:
            require_storage()
        resource.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def handle_exception(self, exc: Exception) -> Response:
        """503 while the storage has no credentials; the log says what is missing (STO-02)."""
        if isinstance(exc, ImproperlyConfigured):
            logger.error("Storage: %s", exc)
            exc = StorageUnavailable()
        return super().handle_exception(exc)
