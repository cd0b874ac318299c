"""Every serializer of the app; each lives in the module of its resource."""

from .analytics import (
    AnswerSerializer,
    AssessmentSerializer,
    QuestionDetailSerializer,
    QuestionSerializer,
    ReviewSerializer,
)
from .core import (
    CategorySerializer,
    CourseCloneSerializer,
    CourseDetailSerializer,
    CourseInstructorSerializer,
    CourseSerializer,
    CourseVersionSerializer,
    LessonSerializer,
    ModuleDetailSerializer,
    ModuleSerializer,
    ResourceSerializer,
)
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin

__all__ = [
    "AnswerSerializer",
    "AssessmentSerializer",
    "CategorySerializer",
    "ContextPropagationMixin",
    "CourseCloneSerializer",
    "CourseDetailSerializer",
    "CourseInstructorSerializer",
    "CourseSerializer",
    "CourseVersionSerializer",
    "EnhancedValidationMixin",
    "LessonSerializer",
    "ModuleDetailSerializer",
    "ModuleSerializer",
    "OptimizedQueryMixin",
    "QuestionDetailSerializer",
    "QuestionSerializer",
    "ResourceSerializer",
    "ReviewSerializer",
]
