"""Behaviour shared by the views, and the historical path of a few helpers."""

import logging
import threading

from django.core.paginator import Paginator
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from ..permissions import (
    can_delete_course,
    can_edit_course,
    get_course_from_object,
    validate_permissions_and_raise,
)
from ..services import locked_row
from ..throttles import APIThrottle, SensitiveAPIThrottle
from ..validators import validate_certificate_number
from ..visibility import filter_for_access_level, reader_of
from .params import safe_decimal_conversion, safe_int_conversion

logger = logging.getLogger(__name__)
_operation_lock = threading.RLock()
VIEW_CACHE_TIMEOUTS = {"health": 30, "search": 300, "featured": 300, "version": 300, "user": 60, "analytics": 900}

extract_course_from_object = get_course_from_object


def log_operation_safe(operation, obj_id, user, extra=None):
    logger.info("%s on %s by %s %s", operation, obj_id, getattr(user, "pk", None), extra or "")


def get_cache_key(prefix, *args):
    return ":".join([prefix, *(str(arg) for arg in args)])


class StandardResultsSetPagination(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    django_paginator_class = Paginator

    def get_paginated_response(self, data):
        metadata = {
            "user_access_level": reader_of(self.request).level,
            "page_size": self.page.paginator.per_page,
            "current_page": self.page.number,
            "total_pages": self.page.paginator.num_pages,
        }
        return Response(
            {
                "count": self.page.paginator.count,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
                "metadata": metadata,
            }
        )

    def get_paginated_response_schema(self, schema):
        response = super().get_paginated_response_schema(schema)
        response["properties"]["metadata"] = {
            "type": "object",
            "properties": {
                "user_access_level": {"type": "string", "enum": ["guest", "registered", "premium"]},
                "page_size": {"type": "integer"},
                "current_page": {"type": "integer"},
                "total_pages": {"type": "integer"},
            },
        }
        return response


class SafeUserQuerysetMixin:
    """Rows of the caller only; `user_path` says where a row names its user."""

    user_path = "user"

    def get_queryset(self):
        queryset = super().get_queryset()
        user = self.request.user
        if getattr(self, "swagger_fake_view", False) or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(**{self.user_path: user})


class OptimizedSerializerMixin:
    """Serializer by action, rows loaded as that serializer asks for."""

    serializer_classes = {}

    def get_serializer_class(self):
        return self.serializer_classes.get(self.action, super().get_serializer_class())

    def eager(self, queryset):
        return self.get_serializer_class().setup_eager_loading(queryset, self.reader)


class ConsolidatedPermissionMixin:
    def require_editor(self, course):
        """403 unless the caller may change the content of the course."""
        validate_permissions_and_raise(self.request.user, can_edit_course(self.request.user, course))

    def require_lead(self, course):
        """403 unless the caller may delete the course."""
        validate_permissions_and_raise(self.request.user, can_delete_course(self.request.user, course))


class EditorUpdateMixin:
    """Asks for permission before the payload is looked at, then holds the row until it is written back."""

    def update(self, request, *args, **kwargs):
        row = self.get_object()
        self.require_editor(get_course_from_object(row))
        with locked_row(row):
            return super().update(request, *args, **kwargs)


class StandardContextMixin:
    @property
    def reader(self):
        return reader_of(self.request)


class SafeFilterMixin:
    """Hook for filters that are read from the query."""

    def filter_from_query(self, queryset):
        return queryset


class SecureAPIView(APIView):
    """Signed-in callers only, throttled, with headers that keep the answer out of caches and frames."""

    permission_classes = [IsAuthenticated]
    throttle_classes = [APIThrottle]

    def permission_denied(self, request, message=None, code=None):
        refuse_plainly(message, code)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def refuse_plainly(message=None, code=None):
    """403 for everybody who may not, signed in or not."""
    from rest_framework.exceptions import PermissionDenied

    raise PermissionDenied(message, code)


class ThrottleMixin:
    throttle_classes = [UserRateThrottle]


class AnalyticsMixin:
    def share(self, part, whole):
        return round(part * 100 / whole, 2) if whole else 0.0


__all__ = [
    "SafeUserQuerysetMixin",
    "StandardResultsSetPagination",
    "OptimizedSerializerMixin",
    "ConsolidatedPermissionMixin",
    "StandardContextMixin",
    "SafeFilterMixin",
    "SensitiveAPIThrottle",
    "SecureAPIView",
    "ThrottleMixin",
    "AnalyticsMixin",
    "safe_decimal_conversion",
    "safe_int_conversion",
    "validate_certificate_number",
    "validate_permissions_and_raise",
    "log_operation_safe",
    "extract_course_from_object",
    "get_course_from_object",
    "get_cache_key",
    "filter_for_access_level",
    "refuse_plainly",
]
