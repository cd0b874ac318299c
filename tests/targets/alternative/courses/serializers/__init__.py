"""Serializers of the app."""

from .analytics import (
    AnswerSerializer,
    AssessmentAttemptSerializer,
    AssessmentSerializer,
    AttemptAnswerSerializer,
    NoteSerializer,
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
from .enrolment import (
    CertificateSerializer,
    EnrollmentSerializer,
    ProgressSerializer,
    UserProgressStatsSerializer,
)
from .misc import BulkEnrollmentSerializer, CourseFeedbackSerializer, LessonNotesUploadSerializer
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin

__all__ = [
    "ContextPropagationMixin",
    "OptimizedQueryMixin",
    "EnhancedValidationMixin",
    "CategorySerializer",
    "ResourceSerializer",
    "LessonSerializer",
    "ModuleSerializer",
    "ModuleDetailSerializer",
    "CourseInstructorSerializer",
    "CourseVersionSerializer",
    "CourseSerializer",
    "CourseDetailSerializer",
    "CourseCloneSerializer",
    "EnrollmentSerializer",
    "ProgressSerializer",
    "CertificateSerializer",
    "UserProgressStatsSerializer",
    "AnswerSerializer",
    "QuestionSerializer",
    "QuestionDetailSerializer",
    "AssessmentSerializer",
    "AssessmentAttemptSerializer",
    "AttemptAnswerSerializer",
    "ReviewSerializer",
    "NoteSerializer",
    "LessonNotesUploadSerializer",
    "BulkEnrollmentSerializer",
    "CourseFeedbackSerializer",
]
