"""Assessments with their questions and answers.

Question and Answer each have two text columns, an older `text` and the canonical one; a row may have either.
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ..choices import QuestionType
from ..constants import DEFAULT_MAX_ATTEMPTS, DEFAULT_PASSING_SCORE, DEFAULT_TIME_LIMIT
from ..validators import validate_percentage
from .mixins import OrderedMixin, TimeStampedMixin, with_derived

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

ANSWER_TEXT_LENGTH = 500


class Assessment(TimeStampedMixin):
    """The test of a lesson; `time_limit` and `time_limit_minutes` both are minutes, 0 is none."""

    lesson = models.OneToOneField("courses.Lesson", related_name="assessment", on_delete=models.CASCADE)
    title = models.CharField(max_length=255, validators=[MinLengthValidator(2)])
    description = models.TextField(blank=True, default="")
    passing_score = models.PositiveIntegerField(
        default=DEFAULT_PASSING_SCORE,
        validators=[MinValueValidator(0), MaxValueValidator(100), validate_percentage],
    )
    max_attempts = models.PositiveIntegerField(
        default=DEFAULT_MAX_ATTEMPTS, validators=[MinValueValidator(1)]
    )
    time_limit = models.PositiveIntegerField(default=DEFAULT_TIME_LIMIT)
    time_limit_minutes = models.PositiveIntegerField(default=DEFAULT_TIME_LIMIT)
    randomize_questions = models.BooleanField(default=False)
    show_correct_answers = models.BooleanField(default=True)
    show_results = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """ValidationError under `time_limit` when the two columns disagree."""
        super().clean()
        if self.time_limit and self.time_limit_minutes and self.time_limit != self.time_limit_minutes:
            raise ValidationError({"time_limit": _("The two time limits disagree.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.time_limit_minutes = self.time_limit_minutes or self.time_limit
        self.time_limit = self.time_limit or self.time_limit_minutes
        kwargs["update_fields"] = with_derived(
            kwargs.get("update_fields"), "time_limit", "time_limit_minutes"
        )
        super().save(*args, **kwargs)

    def get_questions(self) -> "QuerySet[Question]":
        """The questions in order, with their answers."""
        return self.questions.order_by("order").prefetch_related("answers")

    def get_max_score(self) -> int:
        """The sum of all points."""
        return self.questions.aggregate(total=Sum("points"))["total"] or 0


class Question(TimeStampedMixin, OrderedMixin):
    """One question; explanation and feedback are for the course's instructors and staff (policy 5)."""

    order_parent = "assessment"

    assessment = models.ForeignKey(Assessment, related_name="questions", on_delete=models.CASCADE)
    question_text = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    question_type = models.CharField(
        max_length=20, default=QuestionType.MULTIPLE_CHOICE, choices=QuestionType
    )
    points = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    explanation = models.TextField(blank=True, default="")
    feedback = models.TextField(blank=True, default="")

    class Meta:
        ordering = (
            "assessment",
            "order",
        )
        constraints = (models.UniqueConstraint(fields=["assessment", "order"], name="unique_question_order"),)

    def __str__(self) -> str:
        return self.text_property[:80]

    @property
    def answers_question(self) -> "RelatedManager[Answer]":
        """Former name of `answers`, until the next breaking release (MOD-01).

        The manager itself, so that `.create()` and `prefetch_related("answers_question")` work; lookups in
        `filter()` know `answers` only.
        """
        return self.answers

    @property
    def text_property(self) -> str:
        """The question, from whichever column has it."""
        return self.question_text or self.text

    @property
    def feedback_property(self) -> str:
        """What to tell after an answer, from whichever column has it."""
        return self.feedback or self.explanation

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.question_text = self.text_property
        self.text = self.text or self.question_text
        kwargs["update_fields"] = with_derived(kwargs.get("update_fields"), "question_text", "text")
        super().save(*args, **kwargs)

    def get_answers(self) -> "QuerySet[Answer]":
        """The answers in order."""
        return self.answers.order_by("order")


class Answer(TimeStampedMixin, OrderedMixin):
    """One possible answer; whether it is correct is for the course's instructors and staff (policy 5)."""

    order_parent = "question"

    question = models.ForeignKey(Question, related_name="answers", on_delete=models.CASCADE)
    answer_text = models.CharField(
        max_length=ANSWER_TEXT_LENGTH, blank=True, default="", validators=[MinLengthValidator(1)]
    )
    text = models.TextField(blank=True, default="")
    is_correct = models.BooleanField(default=False)
    explanation = models.TextField(blank=True, default="")

    class Meta:
        ordering = (
            "question",
            "order",
        )
        constraints = (models.UniqueConstraint(fields=["question", "order"], name="unique_answer_order"),)

    def __str__(self) -> str:
        return self.text_property[:80]

    @property
    def text_property(self) -> str:
        """The answer, from whichever column has it (SER-01)."""
        return self.answer_text or self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.answer_text = self.text_property[:ANSWER_TEXT_LENGTH]
        self.text = self.text or self.answer_text
        kwargs["update_fields"] = with_derived(kwargs.get("update_fields"), "answer_text", "text")
        super().save(*args, **kwargs)
