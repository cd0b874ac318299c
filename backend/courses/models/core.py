"""The content models under their historical path."""

from .category import Category
from .course import Course
from .outline import ActivityType, Lesson, Module, Resource

__all__ = ["ActivityType", "Category", "Course", "Lesson", "Module", "Resource"]
