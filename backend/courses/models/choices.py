"""The former path of the choice classes that models use; defined in `courses.choices`."""

from ..choices import AccessLevel, CompletionStatus, CourseLevel, EnrollmentStatus

__all__ = ["AccessLevel", "CompletionStatus", "CourseLevel", "EnrollmentStatus"]
