"""The enumerations under the path the models used; they are defined in courses.constants."""

from ..constants import AccessLevel, CompletionStatus, CourseLevel, EnrollmentStatus

__all__ = ["AccessLevel", "CompletionStatus", "CourseLevel", "EnrollmentStatus"]
