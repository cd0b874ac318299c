"""What views are built from, under its historical path, and the small functions that go with it."""

import hashlib
import logging
import threading
from typing import Any

from django.db.models import QuerySet

from ..constants import CACHE_TIMEOUTS as VIEW_CACHE_TIMEOUTS
from ..models import Category, Course, Lesson, Module, Resource
from ..permissions import get_course_from_object, validate_permissions_and_raise
from ..throttling import SensitiveAPIThrottle
from ..validators import validate_certificate_number
from ..viewer import Viewer
from ..visibility import category_rule, course_rule, lesson_open_rule, module_rule, resource_rule
from .context import (
    AnalyticsMixin,
    ConsolidatedPermissionMixin,
    OptimizedSerializerMixin,
    SafeUserQuerysetMixin,
    SharedListMixin,
    StandardContextMixin,
)
from .conversions import safe_decimal_conversion, safe_int_conversion
from .filters import SafeFilterMixin
from .pagination import StandardResultsSetPagination
from .secure import SecureAPIView, ThrottleMixin

logger = logging.getLogger(__name__)
_operation_lock = threading.Lock()

RULES = {
    Category: category_rule,
    Course: course_rule,
    Module: module_rule,
    Lesson: lesson_open_rule,
    Resource: resource_rule,
}

# The former second implementation of get_course_from_object (PERM-01).
extract_course_from_object = get_course_from_object


def filter_for_access_level(
    queryset: QuerySet[Any], user: Any, model_type: str | None = None
) -> QuerySet[Any]:
    """The rows of a category, course, module, lesson or resource queryset that the user may see (ARCH-01).

    The queryset says what its rows are; a `model_type` (`"lesson"`) that says otherwise is a ValueError,
    and so is a model that carries no level.
    """
    rule = RULES.get(queryset.model)
    if rule is None or model_type not in (None, queryset.model._meta.model_name):
        raise ValueError(f"No access rule for {model_type or queryset.model._meta.model_name}.")
    return queryset.filter(rule(Viewer(user)))


def get_cache_key(prefix: str, *args: Any) -> str:
    """A key of bounded length that differs when any of the arguments does."""
    digest = hashlib.sha256(repr(args).encode()).hexdigest()
    return f"{prefix}:{digest}"


def log_operation_safe(operation: str, obj_id: Any, user: Any, extra: Any = None) -> None:
    """Logs who did what to which object; never raises. Users are named by id, not by address."""
    # One entry at a time, whatever handlers the project has.
    with _operation_lock:
        logger.info("%s of %s by user %s %s", operation, obj_id, getattr(user, "pk", None), extra or "")


__all__ = [
    "VIEW_CACHE_TIMEOUTS",
    "AnalyticsMixin",
    "ConsolidatedPermissionMixin",
    "OptimizedSerializerMixin",
    "SafeFilterMixin",
    "SafeUserQuerysetMixin",
    "SecureAPIView",
    "SensitiveAPIThrottle",
    "SharedListMixin",
    "StandardContextMixin",
    "StandardResultsSetPagination",
    "ThrottleMixin",
    "extract_course_from_object",
    "filter_for_access_level",
    "get_cache_key",
    "get_course_from_object",
    "log_operation_safe",
    "safe_decimal_conversion",
    "safe_int_conversion",
    "validate_certificate_number",
    "validate_permissions_and_raise",
]
