"""The views of learners' own rows under their historical path."""

from .certificates import CertificateViewSet
from .enrolments import CourseEnrollmentView, EnrollmentViewSet
from .notes import NoteViewSet
from .progress import CourseProgressView, ProgressViewSet
from .reviews import ReviewViewSet
from .statistics import LegacyUserProgressStatsView, UserProgressStatsView

__all__ = [
    "CertificateViewSet",
    "CourseEnrollmentView",
    "CourseProgressView",
    "EnrollmentViewSet",
    "LegacyUserProgressStatsView",
    "NoteViewSet",
    "ProgressViewSet",
    "ReviewViewSet",
    "UserProgressStatsView",
]
