"""The outline as its authors write it: with the parent, and everything sanitised."""

from rest_framework import serializers

from ..models import Module
from .core import LessonSerializer, ModuleDetailSerializer
from .fields import CourseKeyField, CourseReferenceField, ScopedReferenceField
from .mixins import EnhancedValidationMixin


class ModuleKeyField(ScopedReferenceField):
    model, scope = Module, "modules"


def take_parent(attrs, instance, name):
    """The parent by either of its two names; a new row needs one."""
    by_key = attrs.pop(f"{name}_id", None)
    if by_key is not None:
        attrs.setdefault(name, by_key)
    if instance is None and attrs.get(name) is None:
        raise serializers.ValidationError({f"{name}_id": ["This field is required."]})
    return attrs


def check_free_order(attrs, instance, parent_name):
    """A taken order is the client's mistake, not a failure of the database."""
    if attrs.get("order") is None:
        attrs.pop("order", None)
    # Whoever is moved keeps his place, if it is free at the new parent.
    order = attrs.get("order", instance.order if parent_name in attrs else None)
    if order is None:
        return attrs
    parent = attrs[parent_name] if parent_name in attrs else getattr(instance, parent_name)
    rows = type(instance)._default_manager.filter(**{parent_name: parent, "order": order})
    if rows.exclude(pk=instance.pk).exists():
        raise serializers.ValidationError({"order": "This position is taken."})
    return attrs


class AuthoredModuleSerializer(EnhancedValidationMixin, ModuleDetailSerializer):
    """`course` (slug or key) and `course_id` name the parent; one of them is needed for a new module."""

    html_fields = ("description",)

    course = CourseReferenceField(required=False)
    course_id = CourseKeyField(required=False, write_only=True)

    class Meta(ModuleDetailSerializer.Meta):
        fields = [*ModuleDetailSerializer.Meta.fields, "course_id"]
        read_only_fields = ["duration_minutes"]
        extra_kwargs = {"order": {"required": False}, "title": {"required": True}}
        validators = []

    def validate(self, attrs):
        attrs = take_parent(attrs, self.instance, "course")
        return check_free_order(attrs, self.instance or Module(), "course")


class AuthoredLessonSerializer(LessonSerializer):
    """`module` and `module_id` name the parent; one of them is needed for a new lesson."""

    module = ModuleKeyField(required=False)
    module_id = ModuleKeyField(required=False, write_only=True)

    class Meta(LessonSerializer.Meta):
        fields = [*LessonSerializer.Meta.fields, "module", "module_id", "activity_type"]
        extra_kwargs = {**LessonSerializer.Meta.extra_kwargs, "order": {"required": False}, "title": {"required": True}}
        validators = []

    def validate(self, attrs):
        attrs = take_parent(attrs, self.instance, "module")
        return check_free_order(attrs, self.instance or self.Meta.model(), "module")


class PublishingSerializer(serializers.Serializer):
    publish = serializers.BooleanField(required=False, default=True)


__all__ = ["AuthoredLessonSerializer", "AuthoredModuleSerializer", "ModuleKeyField", "PublishingSerializer"]
