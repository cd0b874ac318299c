"""Assessments, attempts, reviews and notes."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Sum
from django.utils import timezone

from ..constants import QUESTION_TYPE_CHOICES
from ..utils.model_helpers import create_json_field
from ..validators import validate_percentage
from .core import Course, Lesson
from .mixins import OrderedMixin, TimeStampedMixin, require


def _fill_both(instance, canonical, legacy):
    """Two columns hold one text: whichever was given fills the other, the canonical one wins."""
    text = getattr(instance, canonical) or getattr(instance, legacy)
    setattr(instance, canonical, text)
    setattr(instance, legacy, text)


class Assessment(TimeStampedMixin):
    lesson = models.OneToOneField(Lesson, related_name="assessment", on_delete=models.CASCADE)
    title = models.CharField(max_length=255, validators=[MinLengthValidator(2)])
    description = models.TextField(blank=True, default="")
    passing_score = models.PositiveIntegerField(
        default=70, validators=[MinValueValidator(0), MaxValueValidator(100), validate_percentage]
    )
    max_attempts = models.PositiveIntegerField(default=3, validators=[MinValueValidator(1)])
    time_limit = models.PositiveIntegerField(default=0)
    time_limit_minutes = models.PositiveIntegerField(default=0)
    randomize_questions = models.BooleanField(default=False)
    show_correct_answers = models.BooleanField(default=True)
    show_results = models.BooleanField(default=True)

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.time_limit_minutes = self.time_limit_minutes or self.time_limit
        self.time_limit = self.time_limit_minutes
        return super().save(*args, **kwargs)

    def get_questions(self):
        return self.questions.select_related("assessment").prefetch_related("answers_question").order_by("order")

    def get_max_score(self):
        return self.questions.aggregate(total=Sum("points"))["total"] or 0


class Question(TimeStampedMixin, OrderedMixin):
    order_parent = "assessment"

    assessment = models.ForeignKey(Assessment, related_name="questions", on_delete=models.CASCADE)
    question_text = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    question_type = models.CharField(max_length=20, default="multiple_choice", choices=QUESTION_TYPE_CHOICES)
    points = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    explanation = models.TextField(blank=True, default="")
    feedback = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["assessment", "order"]
        constraints = [models.UniqueConstraint(fields=["assessment", "order"], name="unique_question_order")]

    def __str__(self):
        return self.text_property[:80]

    @property
    def answers(self):
        """The manager of the relation under its other name: it filters, creates and prefetches like the original."""
        return self.answers_question

    @property
    def text_property(self):
        return self.question_text or self.text

    @property
    def feedback_property(self):
        return self.explanation or self.feedback

    def save(self, *args, **kwargs):
        _fill_both(self, "question_text", "text")
        self.feedback = self.feedback or self.explanation
        return super().save(*args, **kwargs)

    def get_answers(self):
        return self.answers_question.order_by("order")


class Answer(TimeStampedMixin, OrderedMixin):
    order_parent = "question"

    question = models.ForeignKey(Question, related_name="answers_question", on_delete=models.CASCADE)
    answer_text = models.CharField(max_length=500, blank=True, default="", validators=[MinLengthValidator(1)])
    text = models.TextField(blank=True, default="")
    is_correct = models.BooleanField(default=False)
    explanation = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["question", "order"]
        constraints = [models.UniqueConstraint(fields=["question", "order"], name="unique_answer_order")]

    def __str__(self):
        return self.text_property[:80]

    @property
    def text_property(self):
        return self.answer_text or self.text

    def save(self, *args, **kwargs):
        self.answer_text = (self.answer_text or self.text)[:500]
        self.text = self.answer_text
        return super().save(*args, **kwargs)


class AssessmentAttempt(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="assessment_attempts", on_delete=models.CASCADE)
    assessment = models.ForeignKey(Assessment, related_name="attempts", on_delete=models.CASCADE)
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
        ordering = ["-created_date"]

    def __str__(self):
        return f"{self.user}: {self.assessment} ({self.attempt_number})"

    @property
    def score_percentage(self):
        return round(self.score * 100 / self.max_score, 2) if self.max_score else 0

    @property
    def time_taken(self):
        return self.time_taken_seconds

    def save(self, *args, **kwargs):
        if self.is_completed and self.max_score:
            self.is_passed = self.score_percentage >= self.assessment.passing_score
        else:
            self.is_passed = self.is_passed or self.passed
        self.passed = self.is_passed
        if self.is_completed:
            self.end_time = self.end_time or timezone.now()
        return super().save(*args, **kwargs)


class AttemptAnswer(models.Model):
    id = models.BigAutoField(primary_key=True)
    created_date = models.DateTimeField(auto_now_add=True)
    updated_date = models.DateTimeField(auto_now=True)
    attempt = models.ForeignKey(AssessmentAttempt, related_name="answers_attempt", on_delete=models.CASCADE)
    question = models.ForeignKey(Question, related_name="user_answers", on_delete=models.CASCADE)
    selected_answer = models.ForeignKey(
        Answer, related_name="user_selections", on_delete=models.CASCADE, null=True, blank=True
    )
    text_answer = models.TextField(blank=True, default="")
    is_correct = models.BooleanField(default=False)
    points_earned = models.PositiveIntegerField(default=0)
    feedback = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["attempt", "question"]
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="unique_attempt_answer")]

    def __str__(self):
        return f"{self.attempt}: {self.question}"

    @property
    def answer(self):
        return self.selected_answer

    @property
    def text_response(self):
        return self.text_answer

    def clean(self):
        super().clean()
        if self.selected_answer_id:
            own = self.selected_answer.question_id == self.question_id
            require(own, "selected_answer", "The answer belongs to another question.")

    def save(self, *args, **kwargs):
        if self.selected_answer_id:
            self.is_correct = self.selected_answer.is_correct
            self.points_earned = self.question.points if self.is_correct else 0
        return super().save(*args, **kwargs)


class Review(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="course_reviews", on_delete=models.CASCADE)
    course = models.ForeignKey(Course, related_name="reviews", on_delete=models.CASCADE)
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    title = models.CharField(max_length=255, blank=True, default="")
    content = models.TextField(validators=[MinLengthValidator(10)])
    helpful_count = models.PositiveIntegerField(default=0)
    is_verified_purchase = models.BooleanField(default=False)
    is_approved = models.BooleanField(default=True)
    is_featured = models.BooleanField(default=False)
    moderation_notes = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-created_date"]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="unique_user_course_review")]

    def __str__(self):
        return f"{self.course}: {self.rating}"


class Note(TimeStampedMixin):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="user_notes", on_delete=models.CASCADE)
    lesson = models.ForeignKey(Lesson, related_name="lesson_notes", on_delete=models.CASCADE)
    content = models.TextField(validators=[MinLengthValidator(1)])
    timestamp_seconds = models.PositiveIntegerField(default=0)
    is_private = models.BooleanField(default=True)
    tags = create_json_field(max_items=20)

    class Meta:
        ordering = ["-created_date"]

    def __str__(self):
        return f"{self.user}: {self.lesson}"
