"""A deep copy of a course: its modules, lessons, resources and assessments, no learners (VIEW-13)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction

from ..choices import CompletionStatus
from .assessment import Answer, Assessment, Question
from .course import Course
from .outline import Lesson, Module, Resource

if TYPE_CHECKING:
    from users.models import CustomUser

VERSION_STEP = Decimal("0.1")
HIGHEST_VERSION = Decimal("999.9")
FRESH_COURSE: Mapping[str, Any] = {
    "slug": "",
    "is_published": False,
    "published_date": None,
    "is_draft": True,
    "is_featured": False,
    "completion_status": CompletionStatus.NOT_STARTED,
    "completion_percentage": 0,
    "view_count": 0,
    "enrolled_students_count": 0,
    "avg_rating": Decimal("0.00"),
    "total_reviews": 0,
    "last_enrollment_date": None,
}

Row = TypeVar("Row", bound=models.Model)


class OutOfVersions(Exception):
    """The next version would not fit the column."""


@transaction.atomic
def clone_course(course: Course, creator: "CustomUser | None", **fields: Any) -> Course:
    """The next version of `course`, a draft led by `creator`; `fields` replace columns of the copy.

    The source row stays locked to the end, so that simultaneous clones draw different
    versions. All or nothing.
    """
    source = Course.objects.select_for_update().get(pk=course.pk)
    # One level on purpose: versions drawn from one course are told apart, and its row is what is locked.
    newest = source.course_versions.order_by("-version").values_list("version", flat=True).first()
    version = max(newest or source.version, source.version) + VERSION_STEP
    if version > HIGHEST_VERSION:
        raise OutOfVersions
    family = {"parent_version": source, "version": version}
    copy = _copy(source, **{**FRESH_COURSE, **family, **fields})
    copy.save()
    _copy_outline(source, copy)
    if creator is not None:
        copy.courseinstructor_set.create(instructor=creator, is_lead=True)
    return copy


def _copy(row: Row, **fields: Any) -> Row:
    """An unsaved row with the same columns except the key and `fields`."""
    columns = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if f.name not in fields}
    del columns[row._meta.pk.name]
    return type(row)(**columns, **fields)


def _copy_outline(source: Course, copy: Course) -> None:
    modules = _copy_below(Module, "course", {source.pk: copy})
    lessons = _copy_below(Lesson, "module", modules)
    _copy_below(Resource, "lesson", lessons, download_count=0)
    assessments = _copy_below(Assessment, "lesson", lessons)
    questions = _copy_below(Question, "assessment", assessments)
    _copy_below(Answer, "question", questions)


def _copy_below(
    model: type[Row], parent_field: str, parents: Mapping[int, models.Model], **fields: Any
) -> dict[int, Row]:
    """Copies every `model` row below the old parents to the new ones; returns the copies by the old key."""
    rows: Iterable[Row] = model._default_manager.filter(**{f"{parent_field}__in": list(parents)}).order_by(
        "pk"
    )
    copies = {
        row.pk: _copy(row, **{parent_field: parents[getattr(row, f"{parent_field}_id")]}, **fields)
        for row in rows
    }
    model._default_manager.bulk_create(copies.values())
    return copies
