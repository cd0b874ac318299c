"""Export and import of a course's outline (SEC-04)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .constants import get_business_constraint
from .models import Course, Lesson, Module
from .serializers.transfer import CourseContentSerializer


def export_course(course: Course) -> dict[str, Any]:
    """Every module and lesson in order, drafts too, in the form that an import takes."""
    outline = [
        {"title": module.title, "description": module.description, "lessons": list(module.lessons.all())}
        for module in course.modules.order_by("order").prefetch_related("lessons")
    ]
    return dict(CourseContentSerializer({"modules": outline}).data)


@transaction.atomic
def import_course(course: Course, content: Mapping[str, Any]) -> dict[str, int]:
    """Appends the modules, unpublished, to the course; all of them or none.

    Called by one at a time (SEC-04). ValidationError for more modules than a course may have.
    """
    limit = get_business_constraint("max_modules_per_course")
    if course.modules.count() + len(content["modules"]) > limit:
        raise ValidationError(_("A course has at most %(limit)s modules.") % {"limit": limit})
    lessons = 0
    for row in content["modules"]:
        carried = row["lessons"]
        fields = {name: value for name, value in row.items() if name != "lessons"}
        module = Module.objects.create(course=course, **fields)
        for lesson in carried:
            Lesson.objects.create(module=module, **lesson)
        lessons += len(carried)
    return {"modules": len(content["modules"]), "lessons": lessons}
