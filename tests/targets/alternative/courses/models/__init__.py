"""Models of the app."""

from .activity import Bookmark, CourseStats, Notification, UserActivity, UserPreference, UserStats
from .analytics import Answer, Assessment, AssessmentAttempt, AttemptAnswer, Note, Question, Review
from .core import Category, Course, Lesson, Module, Resource, get_default_category
from .enrolment import Certificate, CourseProgress, Enrollment, Progress
from .mixins import DurationMixin, OrderedMixin, PublishableMixin, SlugMixin, TimeStampedMixin

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentAttempt",
    "AttemptAnswer",
    "Bookmark",
    "Category",
    "Certificate",
    "Course",
    "CourseProgress",
    "CourseStats",
    "DurationMixin",
    "Enrollment",
    "Lesson",
    "Module",
    "Note",
    "Notification",
    "OrderedMixin",
    "Progress",
    "PublishableMixin",
    "Question",
    "Resource",
    "Review",
    "SlugMixin",
    "TimeStampedMixin",
    "UserActivity",
    "UserPreference",
    "UserStats",
    "get_default_category",
]
