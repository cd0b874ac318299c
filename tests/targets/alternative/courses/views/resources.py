"""Resources of a lesson: adding and removing."""

from django.core.exceptions import ImproperlyConfigured
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import storage
from ..models import Lesson, Resource
from ..permissions import validate_permissions_and_raise
from ..schema import extend_schema
from ..serializers import ResourceSerializer
from ..validation import validate_author
from .mixins import ConsolidatedPermissionMixin, StandardContextMixin, log_operation_safe
from .teaching import AuthoringMixin


class StorageUnavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "Object storage is not configured."


class ResourceManagementView(AuthoringMixin, StandardContextMixin, ConsolidatedPermissionMixin, APIView):
    serializer_class = ResourceSerializer

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        validate_permissions_and_raise(request.user, validate_author(request.user))

    def _upload_form(self, file_name):
        try:
            return storage.generate_presigned_post(file_name)
        except ImproperlyConfigured as error:
            raise StorageUnavailable() from error
        except DjangoValidationError as error:
            raise ValidationError({"file_name": error.messages}) from error

    @extend_schema(request=ResourceSerializer, responses={201: ResourceSerializer})
    def post(self, request, lesson_id):
        """Add a resource; with `file_name` the answer holds the form for the upload."""
        rows = Lesson.objects.filter(self.reader.known_lessons()).select_related("module__course")
        lesson = get_object_or_404(rows, pk=lesson_id)
        self.require_editor(lesson.module.course)
        serializer = ResourceSerializer(data=request.data, context={"request": request, "view": self})
        serializer.is_valid(raise_exception=True)
        values, body = {"lesson": lesson}, {}
        file_name = request.data.get("file_name")
        if file_name:
            body["upload"] = self._upload_form(str(file_name)[:255])
            values["storage_key"] = body["upload"]["storage_key"]
        upload = serializer.validated_data.get("file")
        if upload is not None:
            values.update(uploaded=True, file_size=upload.size)
        order = serializer.validated_data.get("order")
        if order is not None and Resource.objects.filter(lesson=lesson, order=order).exists():
            raise ValidationError({"order": ["This position is taken."]})
        serializer.save(**values)
        return Response({**serializer.data, **body}, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request, resource_id):
        rows = Resource.objects.filter(lesson__in=Lesson.objects.filter(self.reader.known_lessons()))
        resource = get_object_or_404(rows.select_related("lesson__module__course"), pk=resource_id)
        self.require_editor(resource.lesson.module.course)
        key = resource.storage_key
        with transaction.atomic():
            resource.delete()
            # Clones share the stored object, and anybody may name a file: the last resource that has it takes it along.
            if key and not Resource.objects.filter(Q(storage_key=key) | Q(file=key)).exists():
                transaction.on_commit(lambda: self._drop(key))
        log_operation_safe("delete resource", resource_id, request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _drop(self, key):
        try:
            storage.delete_object(key)
        except Exception as error:
            log_operation_safe("stored object left behind", key, self.request.user, error)
