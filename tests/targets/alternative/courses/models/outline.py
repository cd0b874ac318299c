"""Modules, lessons and resources: what a course consists of."""

from django.db import models

from ..constants import ACCESS_LEVEL_CHOICES, LESSON_TYPE_CHOICES, RESOURCE_TYPE_CHOICES
from ..utils.model_helpers import create_char_field
from ..utils.naming import upload_lesson_resource
from ..utils.sanitisation import format_filesize
from ..validators import MinStrLenValidator, validate_video_url
from .catalogue import Course
from .mixins import DurationMixin, OrderedMixin, PublishableMixin, TimeStampedMixin, require


class Module(TimeStampedMixin, OrderedMixin, DurationMixin, PublishableMixin):
    order_parent = "course"

    course = models.ForeignKey(Course, related_name="modules", on_delete=models.CASCADE)
    title = create_char_field(max_length=255, min_len=2)
    description = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["course", "order"]
        constraints = [models.UniqueConstraint(fields=["course", "order"], name="unique_module_order")]

    def __str__(self):
        return self.title

    def get_lessons(self):
        return self.lessons.order_by("order")


class Lesson(TimeStampedMixin, OrderedMixin, DurationMixin):
    class ActivityType(models.TextChoices):
        VIDEO = "video", "Video"
        READING = "reading", "Reading"
        QUIZ = "quiz", "Quiz"
        ASSIGNMENT = "assignment", "Assignment"
        DISCUSSION = "discussion", "Discussion"
        INTERACTIVE = "interactive", "Interactive"
        LIVESTREAM = "livestream", "Live Stream"
        OTHER = "other", "Other"

    order_parent = "module"

    module = models.ForeignKey(Module, related_name="lessons", on_delete=models.CASCADE)
    title = create_char_field(max_length=255, min_len=2)
    content = models.TextField(null=True, blank=True, default="", validators=[MinStrLenValidator(10)])
    guest_content = models.TextField(blank=True, default="")
    registered_content = models.TextField(blank=True, default="")
    access_level = models.CharField(max_length=20, default="registered", choices=ACCESS_LEVEL_CHOICES)
    type = models.CharField(max_length=20, default="video", choices=LESSON_TYPE_CHOICES)
    activity_type = models.CharField(max_length=20, default=ActivityType.VIDEO, choices=ActivityType.choices)
    has_assessment = models.BooleanField(default=False)
    has_lab = models.BooleanField(default=False)
    is_free_preview = models.BooleanField(default=False)
    video_url = models.URLField(blank=True, default="", validators=[validate_video_url])
    transcript = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["module", "order"]
        constraints = [models.UniqueConstraint(fields=["module", "order"], name="unique_lesson_order")]

    def __str__(self):
        return self.title

    def get_resources(self):
        return self.resources.order_by("order")


class Resource(TimeStampedMixin, OrderedMixin, DurationMixin):
    order_parent = "lesson"

    storage_key = models.CharField(max_length=512, null=True, blank=True)
    uploaded = models.BooleanField(default=False)
    file_size = models.PositiveBigIntegerField(null=True, blank=True)
    mime_type = models.CharField(max_length=120, null=True, blank=True)
    lesson = models.ForeignKey(Lesson, related_name="resources", on_delete=models.CASCADE)
    title = create_char_field(max_length=255, min_len=2)
    type = models.CharField(max_length=20, choices=RESOURCE_TYPE_CHOICES)
    description = models.TextField(blank=True, default="")
    file = models.FileField(upload_to=upload_lesson_resource, null=True, blank=True)
    url = models.URLField(blank=True, default="")
    premium = models.BooleanField(default=False)
    download_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["lesson", "order"]
        constraints = [models.UniqueConstraint(fields=["lesson", "order"], name="unique_resource_order")]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        require(self.type != "link" or self.url, "url", "A link needs an address.")

    @property
    def file_size_display(self):
        return format_filesize(self.file_size)

    def update_file_metadata(self, file_obj):
        self.file_size = getattr(file_obj, "size", None)
        self.mime_type = getattr(file_obj, "content_type", None) or self.mime_type
        self.uploaded = True
