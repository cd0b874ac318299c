from .course import Course
from .lesson import Lesson

__all__ = ["Course", "Lesson"]
