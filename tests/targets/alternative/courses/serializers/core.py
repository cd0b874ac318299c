"""Historical path of the serializers of the catalogue and the outline."""

from .course import (
    CategorySerializer,
    CourseCloneSerializer,
    CourseDetailSerializer,
    CourseInstructorSerializer,
    CourseSerializer,
    CourseVersionSerializer,
)
from .outline import LessonSerializer, ModuleDetailSerializer, ModuleSerializer, ResourceSerializer

__all__ = [
    "CategorySerializer",
    "CourseCloneSerializer",
    "CourseDetailSerializer",
    "CourseInstructorSerializer",
    "CourseSerializer",
    "CourseVersionSerializer",
    "LessonSerializer",
    "ModuleDetailSerializer",
    "ModuleSerializer",
    "ResourceSerializer",
]
