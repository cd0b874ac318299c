"""Assessments, attempts, reviews and notes under their historical path. Nothing imports `.core` (SER-04)."""

from .assessments import AnswerSerializer, AssessmentSerializer, QuestionDetailSerializer, QuestionSerializer
from .attempts import AssessmentAttemptSerializer, AttemptAnswerSerializer
from .notes import NoteSerializer
from .reviews import ReviewSerializer

__all__ = [
    "AnswerSerializer",
    "AssessmentAttemptSerializer",
    "AssessmentSerializer",
    "AttemptAnswerSerializer",
    "NoteSerializer",
    "QuestionDetailSerializer",
    "QuestionSerializer",
    "ReviewSerializer",
]
