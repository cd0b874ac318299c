"""Every serializer of the app; each lives in the module of its resource."""

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
    "AnswerSerializer",
    "AssessmentAttemptSerializer",
    "AssessmentSerializer",
    "AttemptAnswerSerializer",
    "BulkEnrollmentSerializer",
    "CategorySerializer",
    "CertificateSerializer",
    "ContextPropagationMixin",
    "CourseCloneSerializer",
    "CourseDetailSerializer",
    "CourseFeedbackSerializer",
    "CourseInstructorSerializer",
    "CourseSerializer",
    "CourseVersionSerializer",
    "EnhancedValidationMixin",
    "EnrollmentSerializer",
    "LessonNotesUploadSerializer",
    "LessonSerializer",
    "ModuleDetailSerializer",
    "ModuleSerializer",
    "NoteSerializer",
    "OptimizedQueryMixin",
    "ProgressSerializer",
    "QuestionDetailSerializer",
    "QuestionSerializer",
    "ResourceSerializer",
    "ReviewSerializer",
    "UserProgressStatsSerializer",
]
