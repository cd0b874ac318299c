"""Resources, lessons and modules, each shown as far as the tier of the reader goes."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch
from rest_framework import serializers

from ..models import Lesson, Module, Progress, Question, Resource
from ..utils.gating import get_restricted_content_message
from ..utils.sanitisation import format_duration, format_filesize
from ..visibility import filter_for_access_level
from .analytics import AssessmentSerializer
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin


class ResourceSerializer(ContextPropagationMixin, EnhancedValidationMixin, serializers.ModelSerializer):
    """`format_*` is the canonical pair; `*_display` are its deprecated aliases."""

    html_fields = ("description",)
    protected_fields = ("file", "url", "storage_key")

    format_file_size = serializers.SerializerMethodField()
    format_duration = serializers.SerializerMethodField()
    file_size_display = serializers.SerializerMethodField(
        method_name="get_format_file_size", help_text="Deprecated: use format_file_size."
    )
    duration_display = serializers.SerializerMethodField(
        method_name="get_format_duration", help_text="Deprecated: use format_duration."
    )

    class Meta:
        model = Resource
        fields = [
            "id",
            "lesson",
            "title",
            "type",
            "description",
            "file",
            "url",
            "premium",
            "order",
            "duration_minutes",
            "file_size",
            "mime_type",
            "storage_key",
            "uploaded",
            "download_count",
            "format_file_size",
            "format_duration",
            "file_size_display",
            "duration_display",
            "created_date",
            "updated_date",
        ]
        read_only_fields = ["download_count", "uploaded", "lesson"]
        extra_kwargs = {"file_size": {"min_value": 0}, "duration_minutes": {"min_value": 0}}

    def get_format_file_size(self, obj) -> str | None:
        return format_filesize(obj.file_size)

    def get_format_duration(self, obj) -> str | None:
        return format_duration(obj.duration_minutes)

    def _process_representation_safely(self, data, instance):
        for name in ("file_size", "duration_minutes"):
            if isinstance(data.get(name), int) and data[name] < 0:
                data = {**data, name: None}
        if self.reader.can_read_resource(instance):
            return data
        return {**data, **dict.fromkeys(self.protected_fields)}


class LessonSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, EnhancedValidationMixin, serializers.ModelSerializer
):
    """Above the reader's tier only a teaser remains: a notice in `content`, null in the other protected fields."""

    html_fields = ("content", "guest_content", "registered_content", "transcript")

    resources = serializers.SerializerMethodField()
    premium_resources = serializers.SerializerMethodField()
    is_completed = serializers.SerializerMethodField()
    progress_percentage = serializers.SerializerMethodField()
    assessment = serializers.SerializerMethodField()
    is_restricted = serializers.SerializerMethodField()
    duration_display = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Lesson
        fields = [
            "id",
            "title",
            "content",
            "guest_content",
            "registered_content",
            "access_level",
            "duration_minutes",
            "duration_display",
            "type",
            "order",
            "has_assessment",
            "has_lab",
            "is_free_preview",
            "video_url",
            "transcript",
            "resources",
            "premium_resources",
            "is_completed",
            "assessment",
            "progress_percentage",
            "created_date",
            "updated_date",
            "is_restricted",
        ]
        extra_kwargs = {"duration_minutes": {"min_value": 0}}

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        questions = Question.objects.prefetch_related("answers_question").order_by("order")
        queryset = queryset.select_related("module__course", "assessment").prefetch_related(
            Prefetch("resources", Resource.objects.order_by("order")),
            Prefetch("assessment__questions", questions),
        )
        if reader is None or not reader.is_authenticated:
            return queryset
        own = Progress.objects.filter(enrollment__user=reader.user).exclude(enrollment__status="unenrolled")
        return queryset.prefetch_related(Prefetch("progress_records", own, to_attr="own_progress"))

    def is_open(self, obj):
        """Whether the reader sees the whole of the lesson."""
        return self.reader.can_read_lesson(obj)

    def _readable_resources(self, obj):
        if not self.is_open(obj):
            return []
        rows = [resource for resource in obj.resources.all() if self.reader.can_read_resource(resource)]
        return sorted(rows, key=lambda resource: (resource.order, resource.pk))

    def _own_progress(self, obj):
        if not self.reader.is_authenticated:
            return None
        if not hasattr(obj, "own_progress"):
            rows = obj.progress_records.filter(enrollment__user=self.reader.user)
            obj.own_progress = list(rows.exclude(enrollment__status="unenrolled"))
        return obj.own_progress[0] if obj.own_progress else None

    def get_resources(self, obj) -> list[dict]:
        return ResourceSerializer(self._readable_resources(obj), many=True, context=self.context).data

    def get_premium_resources(self, obj) -> list[dict]:
        rows = [resource for resource in self._readable_resources(obj) if resource.premium]
        return ResourceSerializer(rows, many=True, context=self.context).data

    def get_is_completed(self, obj) -> bool:
        record = self._own_progress(obj)
        return bool(record and record.is_completed)

    def get_progress_percentage(self, obj) -> int:
        record = self._own_progress(obj)
        return record.progress_percentage if record else 0

    def get_assessment(self, obj) -> dict | None:
        """A free preview shows the lesson, not its assessment."""
        if not (self.is_open(obj) and self.reader.covers_lesson(obj)):
            return None
        try:
            return AssessmentSerializer(obj.assessment, context=self.context).data
        except ObjectDoesNotExist:
            return None

    def get_is_restricted(self, obj) -> bool:
        return not self.is_open(obj)

    def _process_representation_safely(self, data, instance):
        """The copy for members goes to no guest, whatever else is open to him."""
        hidden = {}
        if not self.is_open(instance):
            notice = get_restricted_content_message(instance.module.course.title, instance.access_level)
            hidden = {"content": str(notice), "video_url": None, "transcript": None}
        if not self.reader.is_authenticated:
            hidden["registered_content"] = None
        return {**data, **hidden}


class OwnRecordLessonSerializer(LessonSerializer):
    """A lesson beside a note or a record of progress, which outlive its publication; nothing of the lesson does."""

    def to_representation(self, instance):
        published = instance.module.is_published and instance.module.course.is_published
        if published or self.reader.teaches(instance.module.course_id):
            return super().to_representation(instance)
        return {"id": instance.pk}


class ModuleSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    """The nested lessons are those the reader may list, and they are what is counted."""

    lessons = serializers.SerializerMethodField()
    lessons_count = serializers.SerializerMethodField()
    course = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    duration_display = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Module
        fields = [
            "id",
            "title",
            "description",
            "order",
            "duration_minutes",
            "duration_display",
            "is_published",
            "lessons",
            "lessons_count",
            "course",
            "created_date",
            "updated_date",
        ]

    @classmethod
    def lessons_prefetch(cls, reader):
        lessons = filter_for_access_level(Lesson.objects.order_by("order"), reader)
        return Prefetch("lessons", LessonSerializer.setup_eager_loading(lessons, reader), to_attr="visible_lessons")

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        queryset = queryset.select_related("course")
        return queryset if reader is None else queryset.prefetch_related(cls.lessons_prefetch(reader))

    def visible_lessons(self, obj):
        if not hasattr(obj, "visible_lessons"):
            lessons = filter_for_access_level(obj.lessons.order_by("order"), self.reader)
            obj.visible_lessons = list(LessonSerializer.setup_eager_loading(lessons, self.reader))
        return obj.visible_lessons

    def get_lessons(self, obj) -> list[dict]:
        return LessonSerializer(self.visible_lessons(obj), many=True, context=self.context).data

    def get_lessons_count(self, obj) -> int:
        return len(self.visible_lessons(obj))


class ModuleDetailSerializer(ModuleSerializer):
    completion_stats = serializers.SerializerMethodField()

    class Meta(ModuleSerializer.Meta):
        fields = [*ModuleSerializer.Meta.fields, "completion_stats"]

    def get_completion_stats(self, obj) -> dict:
        lessons = self.visible_lessons(obj)
        done = sum(1 for lesson in lessons if any(p.is_completed for p in getattr(lesson, "own_progress", [])))
        percentage = done * 100 // len(lessons) if lessons else 0
        return {"total_lessons": len(lessons), "completed_lessons": done, "completion_percentage": percentage}
