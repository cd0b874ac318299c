"""Who may do what with an object, and the course an object belongs to.

Reading is decided by the queryset (`courses.visibility`): what a caller may not see is not found. The classes
here decide about writing and about rows that belong to people.
"""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from .access_levels import get_unified_user_access_level as get_user_access_level_safe
from .models import Assessment, Course
from .permission_cache import (
    COURSE_CACHE_TIMEOUT,
    ENROLLMENT_CACHE_TIMEOUT,
    INSTRUCTOR_CACHE_TIMEOUT,
    bulk_check_enrollments,
    clear_permission_cache,
    is_user_enrolled_cached,
    is_user_instructor_cached,
)
from .viewer import Viewer
from .visibility import visible_assessments

# The way up from any object of the app to its course, nearest first.
PARENTS = ("course", "module", "lesson", "enrollment", "assessment", "question", "attempt", "resource")
OWNERS = ("user", "author", "created_by")


def get_course_from_object(obj: Any) -> Course | None:
    """The course an object belongs to: itself, or the one above it; None without one (PERM-01)."""
    while obj is not None and not isinstance(obj, Course):
        obj = next((parent for name in PARENTS if (parent := getattr(obj, name, None)) is not None), None)
    return obj


def validate_permissions_and_raise(
    user: Any,  # part of the published signature
    condition: bool,
    error_msg: str = "Permission denied",
) -> None:
    """PermissionDenied (403) unless `condition` holds (VIEW-06, VIEW-07)."""
    if not condition:
        raise PermissionDenied(error_msg)


def _course_id(obj: Any) -> int | None:
    course = get_course_from_object(obj)
    return course.pk if course is not None else None


def _is_owner(request: Request, obj: Any) -> bool:
    # Progress and certificates belong to whom the enrolment belongs to.
    row = getattr(obj, "enrollment", obj)
    owner = next((user for name in OWNERS if (user := getattr(row, name, None)) is not None), None)
    return owner is not None and owner == request.user


class _SignedIn(BasePermission):
    """Every signed-in user; the classes below add what the object asks for."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class _SignedInOrReadOnly(_SignedIn):
    """Everybody reads, signed-in users write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class IsEnrolled(_SignedIn):
    """Learners of the object's course, its active instructors, staff."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        viewer, course_id = Viewer.of(request), _course_id(obj)
        return viewer.teaches(course_id) or course_id in viewer.enrolled_courses


class IsEnrolledOrReadOnly(_SignedInOrReadOnly, IsEnrolled):
    """Everybody reads what is visible; writing is for those IsEnrolled lets in."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_object_permission(request, view, obj)


class IsCourseInstructor(_SignedIn):
    """Active instructors of the object's course, staff."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return Viewer.of(request).teaches(_course_id(obj))


class IsInstructorOrAdmin(IsCourseInstructor):
    """Whoever teaches anything, and staff; of an object, those of its course."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return not Viewer.of(request).is_ordinary


class CanManageCourse(_SignedInOrReadOnly):
    """Writing content: active instructors with `can_edit_content`, staff (policy 7)."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return request.method in SAFE_METHODS or Viewer.of(request).may("can_edit_content", _course_id(obj))


class CanWriteCourses(CanManageCourse):
    """The same for whole courses: starting one asks for the role, deleting one for its lead (policy 7)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        starts_one = request.method == "POST" and not getattr(view, "detail", True)
        return super().has_permission(request, view) and (
            not starts_one or Viewer.of(request).may_create_courses
        )

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        if request.method == "DELETE":
            return Viewer.of(request).may("is_lead", _course_id(obj))
        return super().has_object_permission(request, view, obj)


class InstructorArea(_SignedIn):
    """Lists and creation for those who teach; a row by id is decided by the queryset and CanManageCourse."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        by_id = bool(getattr(view, "detail", False))
        return super().has_permission(request, view) and (by_id or Viewer.of(request).is_teacher)


class IsStaff(_SignedIn):
    """People who work for the platform; the role field says nothing about that (policies 2, 11)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return Viewer.of(request).is_staff


class CanViewReports(_SignedIn):
    """Reports on learners: active instructors with `can_view_analytics`, staff (policy 6)."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return Viewer.of(request).may("can_view_analytics", _course_id(obj))


class IsOwnerOrReadOnly(_SignedInOrReadOnly):
    """Everybody reads what is visible; only the owner writes, not even staff (policy 6)."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return request.method in SAFE_METHODS or _is_owner(request, obj)


class IsAuthorOrReadOnly(IsOwnerOrReadOnly):
    """The same for what people write: notes, reviews."""


class IsAuthorOrStaff(IsAuthorOrReadOnly):
    """The same for what staff moderate: reviews."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return super().has_object_permission(request, view, obj) or Viewer.of(request).is_staff


class IsInstructorOrOwner(_SignedIn):
    """The owner of the object, the active instructors of its course, staff."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        return _is_owner(request, obj) or Viewer.of(request).teaches(_course_id(obj))


class IsPremiumUser(_SignedIn):
    """Signed-in users who read as premium (policy 1)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and Viewer.of(request).is_premium


class CanAccessAssessment(_SignedIn):
    """Signed-in users whose level or role opens the assessment's lesson (policy 4)."""

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        assessment = obj if isinstance(obj, Assessment) else getattr(obj, "assessment", None)
        return assessment is not None and (
            visible_assessments(Viewer.of(request)).filter(pk=assessment.pk).exists()
        )


__all__ = [
    "COURSE_CACHE_TIMEOUT",
    "ENROLLMENT_CACHE_TIMEOUT",
    "INSTRUCTOR_CACHE_TIMEOUT",
    "CanAccessAssessment",
    "CanManageCourse",
    "CanViewReports",
    "CanWriteCourses",
    "InstructorArea",
    "IsAuthorOrReadOnly",
    "IsAuthorOrStaff",
    "IsCourseInstructor",
    "IsEnrolled",
    "IsEnrolledOrReadOnly",
    "IsInstructorOrAdmin",
    "IsInstructorOrOwner",
    "IsOwnerOrReadOnly",
    "IsPremiumUser",
    "IsStaff",
    "bulk_check_enrollments",
    "clear_permission_cache",
    "get_course_from_object",
    "get_user_access_level_safe",
    "is_user_enrolled_cached",
    "is_user_instructor_cached",
    "validate_permissions_and_raise",
]
