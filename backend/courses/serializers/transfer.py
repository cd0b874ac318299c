"""A course's outline as it is carried from one course to another: no ids, no dates, no learners (SEC-04)."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from ..constants import BUSINESS_CONSTRAINTS, MAX_CONTENT_LENGTH
from ..models import Lesson, Module
from .lesson import LessonSerializer
from .mixins import EnhancedValidationMixin
from .module import ModuleSerializer

# Options of the list, which the stubs know of the single serializer only.
MAX_MODULES: Any = {"max_length": BUSINESS_CONSTRAINTS["max_modules_per_course"]}
MAX_LESSONS: Any = {"max_length": BUSINESS_CONSTRAINTS["max_lessons_per_module"]}


class CarriedLessonSerializer(EnhancedValidationMixin, serializers.ModelSerializer[Lesson]):
    """A lesson; its place is its place in the list."""

    html_fields = LessonSerializer.html_fields
    text_fields = LessonSerializer.text_fields

    class Meta:
        model = Lesson
        fields = (
            "title",
            "content",
            "guest_content",
            "registered_content",
            "access_level",
            "type",
            "duration_minutes",
            "has_lab",
            "is_free_preview",
            "video_url",
            "transcript",
        )
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            **{
                name: {"max_length": MAX_CONTENT_LENGTH[name]}
                for name in ("content", "guest_content", "registered_content")
            },
        }


class CarriedModuleSerializer(EnhancedValidationMixin, serializers.ModelSerializer[Module]):
    """A module with its lessons."""

    html_fields = ModuleSerializer.html_fields
    text_fields = ModuleSerializer.text_fields

    lessons = CarriedLessonSerializer(many=True, **MAX_LESSONS)

    class Meta:
        model = Module
        fields = ("title", "description", "lessons")
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            "description": {"max_length": MAX_CONTENT_LENGTH["description"]},
        }


class CourseContentSerializer(serializers.Serializer[Any]):
    """What an export holds and an import takes."""

    modules = CarriedModuleSerializer(many=True, allow_empty=False, **MAX_MODULES)


class TaskCourseSerializer(serializers.Serializer[Any]):
    """The course a task is about."""

    course = serializers.CharField(max_length=180)


class ImportExportSerializer(TaskCourseSerializer):
    """What to do with the course; an import brings the content."""

    action = serializers.ChoiceField(choices=("export", "import"))
    content = CourseContentSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["action"] == "import" and "content" not in attrs:
            raise serializers.ValidationError({"content": self.fields["content"].error_messages["required"]})
        return attrs


class TaskStartedSerializer(serializers.Serializer[Any]):
    """The task that was started; `status` is queued, done or failed."""

    task_id = serializers.CharField()
    action = serializers.CharField()
    course = serializers.CharField()
    status = serializers.CharField()
