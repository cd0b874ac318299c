"""Lessons: complete for those who may open them, a teaser for the others (policy 4)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from ..access_levels import GUEST
from ..models import Lesson, Resource
from ..utils import get_restricted_content_message
from ..viewer import Viewer
from ..visibility import (
    assessment_of,
    is_open,
    resources_of,
    visible_assessments,
    visible_resources,
    with_assessment_rule,
)
from .assessments import AssessmentSerializer
from .mixins import (
    ANYBODY,
    CacheOptimizedMixin,
    Chosen,
    ChosenRows,
    ContextPropagationMixin,
    EnhancedValidationMixin,
    OptimizedQueryMixin,
)
from .resource import ResourceSerializer


def locked_fields() -> dict[str, Any]:
    """What a teaser keeps to itself, and what it shows instead; with lists of its own (SER-09).

    `content` becomes the gating copy.
    """
    return {
        "video_url": "",
        "transcript": "",
        "resources": [],
        "premium_resources": [],
        "assessment": None,
    }


def _open_resources(lesson: Lesson, viewer: Viewer) -> list[Resource]:
    return [resource for resource in resources_of(lesson, viewer) if not resource.premium]


def _premium_resources(lesson: Lesson, viewer: Viewer) -> list[Resource]:
    return [resource for resource in resources_of(lesson, viewer) if resource.premium]


class LessonAssessmentSerializer(Chosen, AssessmentSerializer):
    """The lesson's assessment, if the viewer may take it."""

    choose = staticmethod(assessment_of)

    class Meta(AssessmentSerializer.Meta):
        ref_name = "Assessment"


class LessonSerializer(
    ContextPropagationMixin,
    OptimizedQueryMixin,
    CacheOptimizedMixin,
    EnhancedValidationMixin,
    serializers.ModelSerializer[Lesson],
):
    """A lesson. `is_restricted` tells a teaser, whose `content` is the localised notice (UX-06 to UX-08)."""

    html_fields = ("content", "guest_content", "registered_content", "transcript")
    text_fields = ("title",)

    duration_display = serializers.CharField(read_only=True, allow_null=True)
    resources = ChosenRows(choose=_open_resources, child=ResourceSerializer())
    premium_resources = ChosenRows(choose=_premium_resources, child=ResourceSerializer())
    assessment = LessonAssessmentSerializer(read_only=True, allow_null=True)
    is_completed = serializers.SerializerMethodField()
    progress_percentage = serializers.SerializerMethodField()
    is_restricted = serializers.SerializerMethodField()

    class Meta:
        model = Lesson
        fields: tuple[str, ...] = (
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
        )

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Lesson], viewer: Viewer = ANYBODY) -> QuerySet[Lesson]:
        """Course, and of resources and assessments only what the viewer may see."""
        assessments = AssessmentSerializer.setup_eager_loading(visible_assessments(viewer))
        lessons = with_assessment_rule(queryset, viewer).select_related("module__course")
        return lessons.prefetch_related(
            Prefetch("resources", queryset=visible_resources(viewer), to_attr="visible_resources"),
            Prefetch("assessment", queryset=assessments),
        )

    @staticmethod
    def personalise(rows: Iterable[dict[str, Any]], viewer: Viewer) -> None:
        for row in rows:
            row.update(viewer.progress_in(row["id"])._asdict())

    def get_is_completed(self, lesson: Lesson) -> bool:
        return self.viewer.progress_in(lesson.pk).is_completed

    def get_progress_percentage(self, lesson: Lesson) -> int:
        return self.viewer.progress_in(lesson.pk).progress_percentage

    def get_is_restricted(self, lesson: Lesson) -> bool:
        return not is_open(lesson, self.viewer)

    def _process_representation_safely(self, data: dict[str, Any], instance: Lesson) -> dict[str, Any]:
        if self.viewer.level == GUEST:
            data = {**data, "registered_content": ""}
        if data["is_restricted"]:
            notice = get_restricted_content_message(instance.module.course.title, instance.access_level)
            data = {**data, **locked_fields(), "content": str(notice)}
        return data
