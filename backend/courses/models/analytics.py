"""Assessments, feedback and statistics under their historical path."""

from .assessment import Answer, Assessment, Question
from .attempts import AssessmentAttempt, AttemptAnswer
from .course_progress import CourseProgress
from .feedback import Note, Review
from .statistics import CourseStats, UserActivity, UserStats

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentAttempt",
    "AttemptAnswer",
    "CourseProgress",
    "CourseStats",
    "Note",
    "Question",
    "Review",
    "UserActivity",
    "UserStats",
]
