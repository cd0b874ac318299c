"""The content serializers under their historical path."""

from .category import CategorySerializer
from .course import CourseCloneSerializer, CourseInstructorSerializer, CourseSerializer
from .course_detail import CourseDetailSerializer, CourseVersionSerializer
from .lesson import LessonSerializer
from .module import ModuleDetailSerializer, ModuleSerializer
from .resource import ResourceSerializer

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
