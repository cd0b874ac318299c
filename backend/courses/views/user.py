"""The views of learners' own rows under their historical path."""

from .enrolments import CourseEnrollmentView, EnrollmentViewSet
from .notes import NoteViewSet
from .progress import CourseProgressView, ProgressViewSet
from .reviews import ReviewViewSet

__all__ = [
    "CourseEnrollmentView",
    "CourseProgressView",
    "EnrollmentViewSet",
    "NoteViewSet",
    "ProgressViewSet",
    "ReviewViewSet",
]
