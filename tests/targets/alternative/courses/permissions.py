"""Permissions; all of them find the course of an object by one function."""

from rest_framework import permissions
from rest_framework.exceptions import PermissionDenied

from .constants import EnrollmentStatus
from .validation import get_unified_user_access_level, validate_instructor_permissions
from .visibility import is_platform_staff, reader_of

# Nothing is cached across requests; the names are read by other code.
ENROLLMENT_CACHE_TIMEOUT = INSTRUCTOR_CACHE_TIMEOUT = COURSE_CACHE_TIMEOUT = 0

_PATH_TO_COURSE = ("course", "module", "lesson", "enrollment", "assessment", "attempt", "question")


def get_course_from_object(obj):
    """The course an object belongs to, however deep it lies; a course is its own, None and strangers have none."""
    from .models import Course

    for _ in range(8):
        if obj is None or isinstance(obj, Course):
            return obj
        parent = next((name for name in _PATH_TO_COURSE if getattr(type(obj), name, None) is not None), None)
        if parent is None:
            return None
        obj = getattr(obj, parent, None)
    return None


def _assignments(user, course=None):
    from instructor_portal.models import CourseInstructor

    rows = CourseInstructor.objects.filter(instructor_id=getattr(user, "pk", None), is_active=True)
    return rows if course is None else rows.filter(course_id=course.pk)


def is_user_enrolled_cached(user, course):
    return bool(course) and course.pk in bulk_check_enrollments(user, [course.pk])


def is_user_instructor_cached(user, course=None):
    if not getattr(user, "is_authenticated", False):
        return False
    return is_platform_staff(user) or _assignments(user, course).exists()


def get_user_access_level_safe(user):
    return get_unified_user_access_level(user)


def clear_permission_cache(user_id, course_id=None):
    """Nothing to clear: every decision is made on current rows."""


def bulk_check_enrollments(user, course_ids):
    """The given courses in which a user takes part."""
    from .models import Enrollment

    if not getattr(user, "is_authenticated", False):
        return set()
    rows = Enrollment.objects.filter(user=user, course_id__in=course_ids, status__in=EnrollmentStatus.active_statuses())
    return set(rows.values_list("course_id", flat=True))


def can_edit_course(user, course):
    """Whether a user may change the content of a course."""
    if course is None or not getattr(user, "is_authenticated", False):
        return False
    return is_platform_staff(user) or _assignments(user, course).filter(can_edit_content=True).exists()


def can_delete_course(user, course):
    """Whether a user is the lead of a course, or of the staff."""
    if course is None or not getattr(user, "is_authenticated", False):
        return False
    return is_platform_staff(user) or _assignments(user, course).filter(is_lead=True).exists()


def validate_permissions_and_raise(user, condition, error_msg="Permission denied"):
    """Raise unless the condition holds; there is nothing to return."""
    if not condition:
        raise PermissionDenied(error_msg)


class _SignedIn(permissions.BasePermission):
    def has_permission(self, request, view):
        return bool(request.user and request.user.is_authenticated)


class IsEnrolled(_SignedIn):
    def has_object_permission(self, request, view, obj):
        course = get_course_from_object(obj)
        return is_user_enrolled_cached(request.user, course) or is_user_instructor_cached(request.user, course)


class IsEnrolledOrReadOnly(permissions.BasePermission):
    def has_permission(self, request, view):
        return request.method in permissions.SAFE_METHODS or request.user.is_authenticated

    def has_object_permission(self, request, view, obj):
        if request.method in permissions.SAFE_METHODS:
            return True
        return is_user_enrolled_cached(request.user, get_course_from_object(obj))


class IsInstructorOrAdmin(_SignedIn):
    def has_permission(self, request, view):
        return super().has_permission(request, view) and validate_instructor_permissions(request.user)

    def has_object_permission(self, request, view, obj):
        return can_edit_course(request.user, get_course_from_object(obj))


class IsOwnerOrReadOnly(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return request.method in permissions.SAFE_METHODS or getattr(obj, "user", None) == request.user


class IsInstructorOrOwner(_SignedIn):
    def has_object_permission(self, request, view, obj):
        if getattr(obj, "user", None) == request.user:
            return True
        return can_edit_course(request.user, get_course_from_object(obj))


class IsPremiumUser(_SignedIn):
    def has_permission(self, request, view):
        return super().has_permission(request, view) and reader_of(request).level == "premium"


class CanAccessAssessment(_SignedIn):
    def has_object_permission(self, request, view, obj):
        assessment = getattr(obj, "assessment", obj)
        lesson = assessment.lesson
        reader = reader_of(request)
        if reader.teaches(lesson.module.course_id):
            return True
        return reader.covers_lesson(lesson) and is_user_enrolled_cached(request.user, lesson.module.course)


class CanManageCourse(_SignedIn):
    def has_object_permission(self, request, view, obj):
        return can_edit_course(request.user, get_course_from_object(obj))


class IsAuthorOrReadOnly(IsOwnerOrReadOnly):
    """Author is the word for the owner of reviews and notes."""


class CanViewReports(_SignedIn):
    def has_object_permission(self, request, view, obj):
        course = get_course_from_object(obj)
        if course is None:
            return False
        own = _assignments(request.user, course).filter(can_view_analytics=True)
        return is_platform_staff(request.user) or own.exists()


class IsCourseInstructor(_SignedIn):
    def has_object_permission(self, request, view, obj):
        course = get_course_from_object(obj)
        return course is not None and is_user_instructor_cached(request.user, course)


__all__ = [
    "IsEnrolledOrReadOnly",
    "IsEnrolled",
    "IsInstructorOrAdmin",
    "IsOwnerOrReadOnly",
    "IsInstructorOrOwner",
    "IsPremiumUser",
    "CanAccessAssessment",
    "CanManageCourse",
    "IsAuthorOrReadOnly",
    "CanViewReports",
    "get_course_from_object",
    "is_user_enrolled_cached",
    "is_user_instructor_cached",
    "clear_permission_cache",
    "bulk_check_enrollments",
    "IsCourseInstructor",
]
