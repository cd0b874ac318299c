"""Assessments and reviews under their historical path. Nothing here imports `.core` (SER-04)."""

from .assessments import AnswerSerializer, AssessmentSerializer, QuestionDetailSerializer, QuestionSerializer
from .reviews import ReviewSerializer

__all__ = [
    "AnswerSerializer",
    "AssessmentSerializer",
    "QuestionDetailSerializer",
    "QuestionSerializer",
    "ReviewSerializer",
]
