"""What learners write: reviews of courses, notes on lessons."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models

from ..constants import MAX_RATING, MIN_RATING
from ..validators import JSONListValidator
from .mixins import TimeStampedMixin


class Review(TimeStampedMixin):
    """One learner's opinion of a course; moderators may withdraw it (`is_approved`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="course_reviews", on_delete=models.CASCADE
    )
    course = models.ForeignKey("courses.Course", related_name="reviews", on_delete=models.CASCADE)
    rating = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(MIN_RATING), MaxValueValidator(MAX_RATING)]
    )
    title = models.CharField(max_length=255, blank=True, default="")
    content = models.TextField(validators=[MinLengthValidator(10)])
    helpful_count = models.PositiveIntegerField(default=0)
    is_verified_purchase = models.BooleanField(default=False)
    is_approved = models.BooleanField(default=True)
    is_featured = models.BooleanField(default=False)
    moderation_notes = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-created_date",)
        constraints = (models.UniqueConstraint(fields=["user", "course"], name="unique_user_course_review"),)

    def __str__(self) -> str:
        return f"{self.course}: {self.rating}/{MAX_RATING}"


class Note(TimeStampedMixin):
    """A learner's note on a lesson, private unless said otherwise (SER-10)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="user_notes", on_delete=models.CASCADE)
    lesson = models.ForeignKey("courses.Lesson", related_name="lesson_notes", on_delete=models.CASCADE)
    content = models.TextField(validators=[MinLengthValidator(1)])
    timestamp_seconds = models.PositiveIntegerField(default=0)
    is_private = models.BooleanField(default=True)
    tags = models.JSONField(blank=True, default=list, validators=[JSONListValidator()])

    class Meta:
        ordering = ("-created_date",)

    def __str__(self) -> str:
        return self.content[:80]
