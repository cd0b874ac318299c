"""Which rows a viewer may see: the one place where policies 3, 4, 5 and 11 are written down (ARCH-01).

Each rule is a condition on the database, so that a list, a nested list, a count and a single row agree, and
hidden rows are never even fetched. `prefix` is the path from the queried model to the one the rule is about.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from .choices import AccessLevel
from .models import Assessment, Category, Course, Lesson, Module, Resource
from .viewer import Viewer

EVERYTHING = Q(pk__isnull=False)


def _where(prefix: str, **conditions: Any) -> Q:
    return Q(**{prefix + name: value for name, value in conditions.items()})


# --- the rules ----------------------------------------------------------------------------------------------


def category_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Inactive categories are for staff (policy 11)."""
    return EVERYTHING if viewer.is_staff else _where(prefix, is_active=True)


def course_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Published courses; drafts for their active instructors and staff (policy 3)."""
    if viewer.is_staff:
        return EVERYTHING
    return _where(prefix, is_published=True) | _where(prefix, pk__in=viewer.courses_taught)


def taught_rule(viewer: Viewer, prefix: str = "") -> Q:
    """What the instructor area holds: one's own courses, published or not; all of them for staff."""
    return EVERYTHING if viewer.is_staff else _where(prefix, pk__in=viewer.courses_taught)


def editable_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Courses whose content the viewer may write (policy 7)."""
    return EVERYTHING if viewer.is_staff else _where(prefix, pk__in=viewer.courses_with("can_edit_content"))


def module_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Published modules of published courses; all modules of one's own courses (policy 3, GUARD-04)."""
    if viewer.is_staff:
        return EVERYTHING
    return _published_modules(viewer, prefix) | _where(prefix, course__in=viewer.courses_taught)


def lesson_exists_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Lessons whose existence is no secret: those of visible modules, whatever their level (policy 4)."""
    return module_rule(viewer, f"{prefix}module__")


def lesson_level_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Lessons that the viewer's level or role opens completely; an unknown level is for lead and staff."""
    if viewer.is_staff:
        return EVERYTHING
    published = _published_modules(viewer, f"{prefix}module__")
    reached = published & _where(prefix, access_level__in=AccessLevel.reached_by(viewer.level))
    taught = _where(prefix, module__course__in=viewer.courses_taught, access_level__in=AccessLevel.values)
    return reached | taught | _where(prefix, module__course__in=viewer.courses_led)


def lesson_open_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Lessons whose own fields the viewer may read: the above, and free previews (policy 4)."""
    preview = _published_modules(viewer, f"{prefix}module__") & _where(prefix, is_free_preview=True)
    return lesson_level_rule(viewer, prefix) | preview


def resource_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Resources of open lessons; premium ones for level premium and the course's instructors (policy 4)."""
    is_open = lesson_open_rule(viewer, f"{prefix}lesson__")
    if viewer.is_staff or viewer.is_premium:
        return is_open
    taught = _where(prefix, lesson__module__course__in=viewer.courses_taught)
    return is_open & (_where(prefix, premium=False) | taught)


def assessment_rule(viewer: Viewer, prefix: str = "") -> Q:
    """Assessments of lessons opened by level or role; a free preview does not open it (policy 4)."""
    return lesson_level_rule(viewer, f"{prefix}lesson__")


def _published_modules(viewer: Viewer, prefix: str) -> Q:
    published_courses = _where(prefix, course__is_published=True)
    if viewer.previewed_course is not None:
        published_courses |= _where(prefix, course=viewer.previewed_course)
    return _where(prefix, is_published=True) & published_courses


# --- the rows -----------------------------------------------------------------------------------------------


def visible_categories(viewer: Viewer) -> QuerySet[Category]:
    return Category.objects.filter(category_rule(viewer))


def visible_courses(viewer: Viewer) -> QuerySet[Course]:
    return Course.objects.filter(course_rule(viewer))


def visible_versions(course: Course, viewer: Viewer) -> QuerySet[Course]:
    """The course, its parent and its children (VIEW-10)."""
    family = Q(pk__in=[course.pk, course.parent_version_id]) | Q(parent_version=course.pk)
    return visible_courses(viewer).filter(family).order_by("version", "pk")


def visible_modules(viewer: Viewer) -> QuerySet[Module]:
    return Module.objects.filter(module_rule(viewer)).order_by("order", "pk")


def visible_lessons(viewer: Viewer) -> QuerySet[Lesson]:
    """Lessons that lists show: those that are open, as `is_open` says."""
    rows = Lesson.objects.filter(lesson_open_rule(viewer)).order_by("order", "pk")
    return rows.annotate(is_open=Value(True, output_field=BooleanField()))


def existing_lessons(viewer: Viewer) -> QuerySet[Lesson]:
    """Lessons that a request by id finds, with `is_open`; a teaser is all there is to see of the others."""
    return Lesson.objects.filter(lesson_exists_rule(viewer)).annotate(
        is_open=ExpressionWrapper(lesson_open_rule(viewer), output_field=BooleanField())
    )


def visible_resources(viewer: Viewer) -> QuerySet[Resource]:
    return Resource.objects.filter(resource_rule(viewer)).order_by("order", "pk")


def visible_assessments(viewer: Viewer) -> QuerySet[Assessment]:
    return Assessment.objects.filter(assessment_rule(viewer))


def with_course_counts(categories: QuerySet[Category], viewer: Viewer) -> QuerySet[Category]:
    """Adds `visible_course_count`: how many of its courses the viewer may see (ARCH-04)."""
    return categories.annotate(visible_course_count=count_of(visible_courses(viewer), "category"))


def with_outline_counts(courses: QuerySet[Course], viewer: Viewer) -> QuerySet[Course]:
    """Adds `visible_module_count` and `visible_lesson_count`: what the viewer's lists hold (ARCH-04)."""
    return courses.annotate(
        visible_module_count=count_of(visible_modules(viewer), "course"),
        visible_lesson_count=count_of(visible_lessons(viewer), "module__course"),
    )


def with_assessment_rule(lessons: QuerySet[Lesson], viewer: Viewer) -> QuerySet[Lesson]:
    """Adds `opens_assessment`: whether the viewer may take the lesson's assessment (policy 4)."""
    rule = ExpressionWrapper(lesson_level_rule(viewer), output_field=BooleanField())
    return lessons.annotate(opens_assessment=rule)


def count_of(rows: QuerySet[Any], parent: str, outer: str = "pk") -> Coalesce:
    """How many of the rows have the queried object's `outer` as their `parent`."""
    # One subquery per count: joining two one-to-many relations would multiply their rows.
    counted = rows.filter(**{parent: OuterRef(outer)}).order_by().values(parent).annotate(rows=Count("pk"))
    return Coalesce(Subquery(counted.values("rows"), output_field=IntegerField()), 0)


# --- what belongs to one object, prefetched or not ----------------------------------------------------------
# Serializers read these. `setup_eager_loading` fills the attributes; without it, the database is asked here.


def category_of(course: Course, viewer: Viewer) -> Category | None:
    """The course's category, if the viewer may know of it."""
    if hasattr(course, "visible_category"):
        found: Category | None = course.visible_category
        return found
    return visible_categories(viewer).filter(pk=course.category_id).first() if course.category_id else None


def modules_of(course: Course, viewer: Viewer) -> Sequence[Module]:
    found = getattr(course, "visible_modules", None)
    return found if found is not None else list(visible_modules(viewer).filter(course=course.pk))


def lessons_of(module: Module, viewer: Viewer) -> Sequence[Lesson]:
    found = getattr(module, "visible_lessons", None)
    return found if found is not None else list(visible_lessons(viewer).filter(module=module.pk))


def resources_of(lesson: Lesson, viewer: Viewer) -> Sequence[Resource]:
    found = getattr(lesson, "visible_resources", None)
    return found if found is not None else list(visible_resources(viewer).filter(lesson=lesson.pk))


def assessment_of(lesson: Lesson, viewer: Viewer) -> Assessment | None:
    opens: bool | None = getattr(lesson, "opens_assessment", None)
    if opens is None:
        return visible_assessments(viewer).filter(lesson=lesson.pk).first()
    return getattr(lesson, "assessment", None) if opens else None


def is_open(lesson: Lesson, viewer: Viewer) -> bool:
    """Whether the viewer may read the lesson's own fields."""
    known: bool | None = getattr(lesson, "is_open", None)
    return bool(known) if known is not None else visible_lessons(viewer).filter(pk=lesson.pk).exists()
