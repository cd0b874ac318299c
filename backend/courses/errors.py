"""Refusals that Django REST framework has no exception for."""

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException


class Conflict(APIException):
    """409: the request is fine, but not with things as they stand (VIEW-12)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This is not possible as things stand.")
    default_code = "conflict"


class StorageUnavailable(APIException):
    """503: the storage for files cannot be reached with what is configured (STO-02)."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("File storage is not available.")
    default_code = "storage_unavailable"


class QueueUnavailable(APIException):
    """503: the task queue takes no task (SEC-04)."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("The task queue does not answer.")
    default_code = "queue_unavailable"
