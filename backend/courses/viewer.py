"""Who is looking: the caller's level, what the caller teaches, and the caller's own rows.

Everything that depends on the caller is decided from a Viewer. It asks the database for each fact once, and
never through a cache that could outlive a change of role (policy 1).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from .access_levels import PREMIUM, get_unified_user_access_level
from .choices import EnrollmentStatus
from .utils.payloads import validate_instructor_permissions


class Teaching(NamedTuple):
    """An active instructor row: what the user may do in that course."""

    is_lead: bool
    can_edit_content: bool
    can_manage_students: bool
    can_view_analytics: bool


class LessonProgress(NamedTuple):
    """The caller's own standing in a lesson."""

    is_completed: bool = False
    progress_percentage: int = 0


class Viewer:
    """A caller. Without a user it is anybody of `level`, a guest by default."""

    def __init__(self, user: Any = None, level: str | None = None) -> None:
        self.user = user if user is not None and user.is_authenticated else None
        self._level = level
        self.previewed_course: int | None = None

    @classmethod
    def of(cls, request: Any) -> "Viewer":
        """The viewer of a request, the same one every time; a guest without a request."""
        if request is None:
            return cls()
        viewer: Viewer | None = getattr(request, "_viewer", None)
        if viewer is None or viewer.user != cls(request.user).user:
            viewer = request._viewer = cls(request.user)
        return viewer

    @classmethod
    def previewing(cls, course_id: int, level: str) -> "Viewer":
        """Anybody of `level`, for whom the course counts as published already."""
        viewer = cls(level=level)
        viewer.previewed_course = course_id
        return viewer

    def anybody_of_this_level(self) -> "Viewer":
        """Somebody of the same level who is nobody in particular: whom shared answers are made for."""
        return Viewer(level=self.level)

    @cached_property
    def level(self) -> str:
        """guest, registered or premium."""
        return self._level or get_unified_user_access_level(self.user)

    @property
    def is_premium(self) -> bool:
        return self.level == PREMIUM

    @property
    def is_staff(self) -> bool:
        """Whether the user works for the platform; the role field says nothing about that (policy 2)."""
        return self.user is not None and bool(self.user.is_staff or self.user.is_superuser)

    @property
    def may_create_courses(self) -> bool:
        """Whether the user may start a course: staff, and whoever has an instructor's role (policy 7)."""
        return self.is_staff or validate_instructor_permissions(self.user)

    @property
    def is_teacher(self) -> bool:
        """Whether the instructor area is open to the user: by role, or by teaching any course."""
        return self.may_create_courses or bool(self.teaching)

    @cached_property
    def teaching(self) -> Mapping[int, Teaching]:
        """The courses with an active instructor row of the user, by id."""
        if self.user is None:
            return {}
        rows = self.user.courseinstructor_set.filter(is_active=True)
        return {
            course_id: Teaching(*rights)
            for course_id, *rights in rows.values_list("course_id", *Teaching._fields)
        }

    @property
    def courses_taught(self) -> list[int]:
        return list(self.teaching)

    def courses_with(self, right: str) -> list[int]:
        """The courses in which the viewer's own teaching row gives `right` (a field of Teaching)."""
        return [course_id for course_id, rights in self.teaching.items() if getattr(rights, right)]

    @property
    def courses_led(self) -> list[int]:
        return self.courses_with("is_lead")

    @property
    def is_ordinary(self) -> bool:
        """Whether the viewer sees what everybody of the level sees: no staff, no instructor of anything."""
        return not self.is_staff and not self.teaching

    def teaches(self, course_id: int | None) -> bool:
        """Whether the viewer is staff or an active instructor of the course."""
        return self.is_staff or course_id in self.teaching

    def may(self, right: str, course_id: int | None) -> bool:
        """Whether the viewer is staff or has `right` (a field of Teaching) in the course (policies 6, 7)."""
        if self.is_staff:
            return True
        return course_id is not None and bool(getattr(self.teaching.get(course_id), right, False))

    @cached_property
    def enrolled_courses(self) -> frozenset[int]:
        """Ids of the courses the user is in."""
        if self.user is None:
            return frozenset()
        rows = self.user.student_enrollments.filter(status__in=EnrollmentStatus.active_statuses())
        return frozenset(rows.values_list("course_id", flat=True))

    @cached_property
    def progress(self) -> Mapping[int, LessonProgress]:
        """The user's standing by lesson id, from enrolments that were not given up."""
        if self.user is None:
            return {}
        from .models import Progress

        rows = Progress.objects.filter(enrollment__user=self.user.pk).exclude(
            enrollment__status=EnrollmentStatus.UNENROLLED
        )
        return {
            lesson_id: LessonProgress(*standing)
            for lesson_id, *standing in rows.order_by().values_list("lesson_id", *LessonProgress._fields)
        }

    def progress_in(self, lesson_id: int) -> LessonProgress:
        """The user's standing in one lesson; nothing done by default."""
        return self.progress.get(lesson_id, LessonProgress())
