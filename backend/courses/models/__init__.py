"""Every model of the app; each lives in a module of its own."""

from .assessment import Answer, Assessment, Question
from .attempts import AssessmentAttempt, AttemptAnswer
from .bookmark import Bookmark
from .category import Category
from .certificate import Certificate
from .course import Course
from .course_progress import CourseProgress
from .enrolment import Enrollment, Progress
from .feedback import Note, Review
from .notification import Notification
from .outline import Lesson, Module, Resource
from .preference import UserPreference
from .statistics import CourseStats, UserActivity, UserStats

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
    "Enrollment",
    "Lesson",
    "Module",
    "Note",
    "Notification",
    "Progress",
    "Question",
    "Resource",
    "Review",
    "UserActivity",
    "UserPreference",
    "UserStats",
]
