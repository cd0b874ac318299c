"""Historical path of the catalogue and outline models."""

from .catalogue import Category, Course, get_default_category
from .outline import Lesson, Module, Resource

__all__ = ["Category", "Course", "Lesson", "Module", "Resource", "get_default_category"]
