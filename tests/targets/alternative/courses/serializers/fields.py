"""References to rows, limited to those that exist for the caller."""

import re

from rest_framework import serializers

from ..models import Category, Course, Lesson
from ..permissions import bulk_check_enrollments
from ..visibility import reader_of

_KEY = re.compile(r"\A[0-9]{1,18}\Z")


def key_in(text):
    """The key that a text is the notation of; None when no table can hold it."""
    return int(text) if _KEY.match(text) else None


class ScopedReferenceField(serializers.PrimaryKeyRelatedField):
    """A key outside the scope is answered exactly like a key that does not exist."""

    scope = None
    model = None

    def __init__(self, **kwargs):
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", self.model.objects.all())
        super().__init__(**kwargs)

    def bind(self, field_name, parent):
        super().bind(field_name, parent)
        self.queryset = self.get_queryset()

    def get_queryset(self):
        reader = reader_of(self.context.get("request"))
        return self.model.objects.filter(getattr(reader, self.scope)())

    def to_internal_value(self, data):
        if isinstance(data, (bool, float, dict, list)):
            self.fail("incorrect_type", data_type=type(data).__name__)
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("does_not_exist", pk_value=data)

    def get_choices(self, cutoff=None):
        """No list of rows in OPTIONS or in a form."""
        return {}


class CategoryKeyField(ScopedReferenceField):
    model, scope = Category, "categories"


class CourseKeyField(ScopedReferenceField):
    model, scope = Course, "courses"


class LessonKeyField(ScopedReferenceField):
    model, scope = Lesson, "known_lessons"

    def get_queryset(self):
        return super().get_queryset().select_related("module__course")


class ReadableLessonField(LessonKeyField):
    """A lesson above the tier is answered like one that does not exist; the lesson a row already has stays valid."""

    def to_internal_value(self, data):
        lesson = super().to_internal_value(data)
        if lesson.pk != getattr(self.parent.instance, "lesson_id", None) and not self.is_open(lesson):
            self.fail("does_not_exist", pk_value=data)
        return lesson

    def is_open(self, lesson):
        return reader_of(self.context.get("request")).can_read_lesson(lesson)


class LearnableLessonField(ReadableLessonField):
    """So is one of a course in which the caller takes no part."""

    def is_open(self, lesson):
        user = getattr(self.context.get("request"), "user", None)
        return super().is_open(lesson) and bool(bulk_check_enrollments(user, [lesson.module.course_id]))


class CourseReferenceField(serializers.SlugRelatedField):
    """A course by slug; its key is understood as well."""

    def __init__(self, **kwargs):
        super().__init__(slug_field="slug", queryset=Course.objects.all(), **kwargs)

    def get_queryset(self):
        return Course.objects.filter(reader_of(self.context.get("request")).courses())

    def to_internal_value(self, data):
        text = str(data)
        if "\x00" in text or isinstance(data, (dict, list)):
            self.fail("invalid")
        row = self.get_queryset().filter(slug=text).first()
        if row is None and (key := key_in(text)) is not None:
            row = self.get_queryset().filter(pk=key).first()
        if row is None:
            self.fail("does_not_exist", slug_name="slug", value=text)
        return row

    def get_choices(self, cutoff=None):
        return {}
