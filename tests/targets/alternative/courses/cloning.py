"""Copies a course with everything in it, level by level, in one statement per table."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

STEP = Decimal("0.1")
_NEVER_COPIED = {"id", "slug", "created_date", "updated_date", "last_accessed", "published_date"}
_FRESH_COURSE = {
    "is_published": False,
    "is_featured": False,
    "completion_status": "not_started",
    "view_count": 0,
    "enrolled_students_count": 0,
    "avg_rating": Decimal("0.00"),
    "total_reviews": 0,
    "last_enrollment_date": None,
}


def _values(row, **changes):
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in _NEVER_COPIED}
    return {**kept, **changes}


def _copy_children(model, parent_name, new_parents):
    """Copy all rows below the given parents; returns {old key: new row}."""
    originals = list(model.objects.filter(**{f"{parent_name}_id__in": list(new_parents)}).order_by("pk"))
    copies = [
        model(**_values(row, **{f"{parent_name}_id": new_parents[getattr(row, f"{parent_name}_id")].pk}))
        for row in originals
    ]
    created = model.objects.bulk_create(copies)
    return {old.pk: new for old, new in zip(originals, created, strict=True)}


def _root_key(course):
    """Key of the first ancestor: the row all versions of one course agree to lock."""
    from .models import Course

    key, parent, seen = course.pk, course.parent_version_id, {course.pk}
    while parent is not None and parent not in seen:
        seen.add(parent)
        key, parent = parent, Course.objects.filter(pk=parent).values_list("parent_version_id", flat=True).first()
    return key


def clone_course(course, creator=None, title=None, is_draft=True, **changes):
    """The next version of a course. Clones of one family wait for each other on the lock of its first member."""
    from instructor_portal.models import CourseInstructor

    from .models import Answer, Assessment, Course, Lesson, Module, Question, Resource

    with transaction.atomic():
        root = Course.objects.select_for_update().get(pk=_root_key(course))
        source = Course.objects.get(pk=course.pk)
        family = Course.objects.filter(Q(pk=root.pk) | Q(parent_version=root)).order_by("-version")
        # The versions are compared as numbers read after the lock, not as an aggregate the lock would not cover.
        newest = max([source.version, *family.values_list("version", flat=True)])
        if newest + STEP > Decimal("999.9"):
            raise ValidationError({"version": "No further version of this course is possible."})
        fields = _values(source, **_FRESH_COURSE)
        fields.update(title=title or source.title, is_draft=is_draft, version=newest + STEP, parent_version_id=root.pk)
        fields.update(changes)
        clone = Course(**fields)
        clone.save()
        modules = _copy_children(Module, "course", {source.pk: clone})
        lessons = _copy_children(Lesson, "module", modules)
        _copy_children(Resource, "lesson", lessons)
        assessments = _copy_children(Assessment, "lesson", lessons)
        questions = _copy_children(Question, "assessment", assessments)
        _copy_children(Answer, "question", questions)
        if creator is not None:
            CourseInstructor.objects.create(course=clone, instructor=creator, is_lead=True)
        return clone
