"""A learner's attempts at an assessment."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..utils import calculate_completion_percentage
from .mixins import TimeStampedMixin, with_derived


class AssessmentAttempt(TimeStampedMixin):
    """One go at an assessment; `passed` is the former name of `is_passed`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="assessment_attempts", on_delete=models.CASCADE
    )
    assessment = models.ForeignKey("courses.Assessment", related_name="attempts", on_delete=models.CASCADE)
    start_time = models.DateTimeField(auto_now_add=True)
    end_time = models.DateTimeField(null=True, blank=True)
    time_taken_seconds = models.PositiveIntegerField(default=0)
    score = models.PositiveIntegerField(default=0)
    max_score = models.PositiveIntegerField(default=0)
    is_completed = models.BooleanField(default=False)
    is_passed = models.BooleanField(default=False)
    passed = models.BooleanField(default=False)
    attempt_number = models.PositiveIntegerField(default=1)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-created_date",)

    def __str__(self) -> str:
        return f"{self.user}: {self.assessment} #{self.attempt_number}"

    @property
    def score_percentage(self) -> float:
        """The score as a part of what could be reached."""
        return float(calculate_completion_percentage(self.score, self.max_score))

    @property
    def time_taken(self) -> timedelta:
        """How long the attempt took."""
        return timedelta(seconds=self.time_taken_seconds)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.is_passed = self.passed = self.is_passed or self.passed
        if self.end_time and self.start_time and not self.time_taken_seconds:
            self.time_taken_seconds = max(0, int((self.end_time - self.start_time).total_seconds()))
        kwargs["update_fields"] = with_derived(
            kwargs.get("update_fields"), "is_passed", "passed", "time_taken_seconds"
        )
        super().save(*args, **kwargs)


class AttemptAnswer(TimeStampedMixin):
    """A learner's answer to one question; `is_correct` and feedback are not shown to learners (policy 5)."""

    attempt = models.ForeignKey(AssessmentAttempt, related_name="answers_attempt", on_delete=models.CASCADE)
    question = models.ForeignKey("courses.Question", related_name="user_answers", on_delete=models.CASCADE)
    selected_answer = models.ForeignKey(
        "courses.Answer", related_name="user_selections", on_delete=models.CASCADE, null=True, blank=True
    )
    text_answer = models.TextField(blank=True, default="")
    is_correct = models.BooleanField(default=False)
    points_earned = models.PositiveIntegerField(default=0)
    feedback = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = (
            "attempt",
            "question",
        )
        constraints = (models.UniqueConstraint(fields=["attempt", "question"], name="unique_attempt_answer"),)

    def __str__(self) -> str:
        return self.text_response[:80]

    @property
    def answer(self) -> Any:
        """The selected answer, if the question offers some."""
        return self.selected_answer

    @property
    def text_response(self) -> str:
        """What was answered, as text."""
        return self.selected_answer.text_property if self.selected_answer else self.text_answer

    def clean(self) -> None:
        """ValidationError for a question of another assessment or an answer of another question."""
        super().clean()
        if self.question_id is None or self.attempt_id is None:
            # Whoever validates the fields says that one is missing.
            return
        if self.question.assessment_id != self.attempt.assessment_id:
            raise ValidationError({"question": _("The question belongs to another assessment.")})
        if self.selected_answer is not None and self.selected_answer.question_id != self.question_id:
            raise ValidationError({"selected_answer": _("The answer belongs to another question.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; an answer that was chosen and not written leaves no text of its own."""
        if self.selected_answer_id is not None:
            self.text_answer = ""
            kwargs["update_fields"] = with_derived(kwargs.get("update_fields"), "text_answer")
        super().save(*args, **kwargs)
