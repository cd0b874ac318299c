"""The outline of a course: modules, their lessons, the lessons' resources."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..choices import AccessLevel, LessonType, ResourceType
from ..utils import format_filesize, upload_lesson_resource
from ..validators import MinStrLenValidator, validate_video_url
from .mixins import DurationMixin, OrderedMixin, PublishableMixin, TimeStampedMixin


class ActivityType(models.TextChoices):
    """What a learner does in a lesson; older than LessonType, which the API shows."""

    VIDEO = "video"
    READING = "reading"
    QUIZ = "quiz"
    ASSIGNMENT = "assignment"
    DISCUSSION = "discussion"
    INTERACTIVE = "interactive"
    LIVESTREAM = "livestream"
    OTHER = "other"


class Module(TimeStampedMixin, OrderedMixin, DurationMixin, PublishableMixin):
    """A chapter; unpublished, it exists only for the course's instructors and staff (GUARD-04)."""

    order_parent = "course"

    course = models.ForeignKey("courses.Course", related_name="modules", on_delete=models.CASCADE)
    title = models.CharField(max_length=255, default="", validators=[MinStrLenValidator(2)])
    description = models.TextField(blank=True, default="")

    class Meta:
        ordering = (
            "course",
            "order",
        )
        constraints = (models.UniqueConstraint(fields=["course", "order"], name="unique_module_order"),)

    def __str__(self) -> str:
        return self.title

    def get_lessons(self) -> "QuerySet[Lesson]":
        """Every lesson in order, whatever its level: not for showing to learners."""
        return self.lessons.order_by("order")


class Lesson(TimeStampedMixin, OrderedMixin, DurationMixin):
    """One step of a module; `access_level` says who opens it, `is_free_preview` lets everybody (policy 4)."""

    order_parent = "module"

    module = models.ForeignKey(Module, related_name="lessons", on_delete=models.CASCADE)
    title = models.CharField(max_length=255, default="", validators=[MinStrLenValidator(2)])
    content = models.TextField(null=True, blank=True, default="", validators=[MinStrLenValidator(10)])
    guest_content = models.TextField(blank=True, default="")
    registered_content = models.TextField(blank=True, default="")
    access_level = models.CharField(max_length=20, default=AccessLevel.REGISTERED, choices=AccessLevel)
    type = models.CharField(max_length=20, default=LessonType.VIDEO, choices=LessonType)
    activity_type = models.CharField(max_length=20, default=ActivityType.VIDEO, choices=ActivityType)
    has_assessment = models.BooleanField(default=False)
    has_lab = models.BooleanField(default=False)
    is_free_preview = models.BooleanField(default=False)
    video_url = models.URLField(blank=True, default="", validators=[validate_video_url])
    transcript = models.TextField(blank=True, default="")

    class Meta:
        ordering = (
            "module",
            "order",
        )
        constraints = (models.UniqueConstraint(fields=["module", "order"], name="unique_lesson_order"),)

    def __str__(self) -> str:
        return self.title

    def get_resources(self) -> "QuerySet[Resource]":
        """Every resource in order, premium ones too: not for showing to learners."""
        return self.resources.order_by("order")


class Resource(TimeStampedMixin, OrderedMixin, DurationMixin):
    """A file, a stored object or a link that belongs to a lesson; `premium` asks for level premium."""

    order_parent = "lesson"

    storage_key = models.CharField(max_length=512, null=True, blank=True)
    uploaded = models.BooleanField(default=False)
    file_size = models.PositiveBigIntegerField(null=True, blank=True)
    mime_type = models.CharField(max_length=120, null=True, blank=True)
    lesson = models.ForeignKey(Lesson, related_name="resources", on_delete=models.CASCADE)
    title = models.CharField(max_length=255, default="", validators=[MinStrLenValidator(2)])
    type = models.CharField(max_length=20, choices=ResourceType)
    description = models.TextField(blank=True, default="")
    file = models.FileField(upload_to=upload_lesson_resource, null=True, blank=True)
    url = models.URLField(blank=True, default="")
    premium = models.BooleanField(default=False)
    download_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = (
            "lesson",
            "order",
        )
        constraints = (models.UniqueConstraint(fields=["lesson", "order"], name="unique_resource_order"),)

    def __str__(self) -> str:
        return self.title

    @property
    def file_size_display(self) -> str | None:
        """The file size for people."""
        return format_filesize(self.file_size)

    def clean(self) -> None:
        """ValidationError under `url` for a link that leads nowhere."""
        super().clean()
        if self.type == ResourceType.LINK and not self.url:
            raise ValidationError({"url": _("A link needs an address.")})

    def update_file_metadata(self, file_obj: Any) -> None:
        """Takes size and media type from an uploaded file; does not save."""
        self.file_size = getattr(file_obj, "size", None)
        self.mime_type = getattr(file_obj, "content_type", None) or self.mime_type

    def save(self, *args: Any, **kwargs: Any) -> None:
        # What is stored already is not opened again: it could be far away. Django has no public name for that.
        is_new = bool(self.file) and not self.file._committed  # type: ignore[attr-defined]
        if is_new and isinstance(self.file.file, UploadedFile):
            self.update_file_metadata(self.file.file)
        super().save(*args, **kwargs)
