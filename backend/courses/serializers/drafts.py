"""Modules and lessons as those who teach write them (SEC-01, MOD-05, policy 7)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from ..constants import MAX_CONTENT_LENGTH
from ..models import Course, Lesson, Module
from ..models.mixins import OrderedMixin
from ..placing import HIGHEST_ORDER, lock_parents, refuse_taken_order
from ..validators import MAX_DURATION
from ..viewer import Viewer
from ..visibility import editable_rule
from .course_detail import CourseVersionSerializer
from .fields import VisibleRowField
from .lesson import LessonSerializer
from .mixins import AuditTrailMixin, ValidationHelperMixin
from .module import ModuleSerializer

# DRF's own check of (parent, order) would make the order required; PlacedSerializerMixin judges it.
NO_UNIQUENESS: tuple[Any, ...] = ()


class EditableCourseField(VisibleRowField[Course]):
    """A course the writer may edit; of a module that exists, its own one only."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=_editable_courses, **kwargs)

    def get_queryset(self) -> QuerySet[Course]:
        rows = super().get_queryset()
        module = getattr(self.parent, "instance", None)
        return rows.filter(pk=module.course_id) if isinstance(module, Module) else rows


class EditableModuleField(VisibleRowField[Module]):
    """A module of a course the writer may edit; of a lesson that exists, one of the same course.

    Learners' progress hangs on both the lesson and the enrolment, so a lesson stays in its course.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=_editable_modules, **kwargs)

    def get_queryset(self) -> QuerySet[Module]:
        rows = super().get_queryset()
        lesson = getattr(self.parent, "instance", None)
        return rows.filter(course=lesson.module.course_id) if isinstance(lesson, Lesson) else rows


def _editable_courses(viewer: Viewer) -> QuerySet[Course]:
    return Course.objects.filter(editable_rule(viewer))


def _editable_modules(viewer: Viewer) -> QuerySet[Module]:
    return Module.objects.filter(editable_rule(viewer, "course__"))


class PlacedSerializerMixin(ValidationHelperMixin):
    """Gives a row its place below its parent; used inside a transaction, which holds the parent (MOD-05)."""

    parent_field: ClassVar[str] = ""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.parent_field:
            fields[self.parent_field].required = self.instance is None
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        model: type[OrderedMixin] = self.Meta.model
        parent_id = self.after_write(attrs, model.order_parent).pk
        lock_parents(model, [parent_id])
        if "order" in attrs:
            try:
                refuse_taken_order(
                    model, parent_id, attrs["order"], besides=getattr(self.instance, "pk", None)
                )
            except DjangoValidationError as error:
                raise serializers.ValidationError({"order": error.messages}) from None
        elif self.instance is not None and parent_id != getattr(self.instance, f"{model.order_parent}_id"):
            # Behind the last one of its new parent.
            attrs["order"] = None
        return attrs


def order_field() -> serializers.IntegerField:
    """The place among the siblings; the next one when it is not given."""
    return serializers.IntegerField(min_value=0, max_value=HIGHEST_ORDER, required=False)


class DraftModuleSerializer(PlacedSerializerMixin, AuditTrailMixin, ModuleSerializer):
    """A module of a course the writer may edit."""

    parent_field = "course_id"

    course_id = EditableCourseField(source="course", write_only=True)
    order = order_field()

    class Meta(ModuleSerializer.Meta):
        fields = (*ModuleSerializer.Meta.fields, "course_id")
        read_only_fields = ("duration_minutes",)
        validators = NO_UNIQUENESS
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            "description": {"max_length": MAX_CONTENT_LENGTH["description"]},
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "is_published" in attrs:
            since = getattr(self.instance, "published_date", None) or timezone.now()
            attrs["published_date"] = since if attrs["is_published"] else None
        return attrs


class DraftLessonSerializer(PlacedSerializerMixin, AuditTrailMixin, LessonSerializer):
    """A lesson of a module the writer may edit."""

    parent_field = "module_id"

    module_id = EditableModuleField(source="module")
    order = order_field()

    class Meta(LessonSerializer.Meta):
        fields = (*LessonSerializer.Meta.fields, "module_id")
        validators = NO_UNIQUENESS
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            "duration_minutes": {"min_value": 0, "max_value": MAX_DURATION},
            **{
                name: {"max_length": MAX_CONTENT_LENGTH[name]}
                for name in ("content", "guest_content", "registered_content")
            },
        }


class VersionControlSerializer(serializers.Serializer[Any]):
    """A course, and its family as far as the viewer may see it (VIEW-10)."""

    course = CourseVersionSerializer()
    versions = CourseVersionSerializer(many=True)
