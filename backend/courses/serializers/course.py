"""Courses as lists show them, and what may be written of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.validators import MinValueValidator
from django.db.models import Prefetch, QuerySet
from instructor_portal.models import CourseInstructor
from rest_framework import serializers

from ..models import Category, Course
from ..validators import validate_image_file
from ..viewer import Viewer
from ..visibility import (
    category_of,
    visible_categories,
    visible_lessons,
    visible_modules,
    with_outline_counts,
)
from .category import CategorySerializer
from .fields import LinkedImageField, SpokenBooleanField, VisibleRowField
from .mixins import (
    ANYBODY,
    AuditTrailMixin,
    CacheOptimizedMixin,
    Chosen,
    ChosenRows,
    ContextPropagationMixin,
    EnhancedValidationMixin,
    OptimizedQueryMixin,
    ValidationHelperMixin,
    refuse_running_markup,
)
from .people import display_name

# Long before, zones were off from UTC by minutes and seconds, which a date-time of RFC 3339 cannot say.
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


class CourseInstructorSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer[CourseInstructor]
):
    """Who teaches a course: the user's id and display name, nothing else (policy 6)."""

    id = serializers.IntegerField(source="instructor_id", read_only=True)
    display_name = serializers.SerializerMethodField()

    class Meta:
        model = CourseInstructor
        fields: tuple[str, ...] = ("id", "display_name")

    @classmethod
    def setup_eager_loading(
        cls,
        queryset: QuerySet[CourseInstructor],
        viewer: Viewer = ANYBODY,
    ) -> QuerySet[CourseInstructor]:
        return queryset.select_related("instructor")

    def get_display_name(self, row: CourseInstructor) -> str:
        return display_name(row.instructor)


def _active_instructors(course: Course, _viewer: Viewer) -> Iterable[CourseInstructor]:
    found: Iterable[CourseInstructor] | None = getattr(course, "active_instructors", None)
    return found if found is not None else course.get_instructors()


class CourseCategorySerializer(Chosen, CategorySerializer):
    """The course's category, unless it is hidden from the viewer."""

    choose = staticmethod(category_of)


class CourseSerializer(
    ContextPropagationMixin,
    OptimizedQueryMixin,
    CacheOptimizedMixin,
    EnhancedValidationMixin,
    ValidationHelperMixin,
    AuditTrailMixin,
    serializers.ModelSerializer[Course],
):
    """A course. Publication, versions, counters, ratings and durations have operations of their own."""

    html_fields = ("description", "target_audience")
    text_fields = (
        "title",
        "subtitle",
        "requirements",
        "skills",
        "learning_objectives",
        "meta_keywords",
        "meta_description",
    )

    category = CourseCategorySerializer(read_only=True, allow_null=True)
    category_id = VisibleRowField[Category](
        source="category", rows=visible_categories, write_only=True, required=False, allow_null=True
    )
    duration_display = serializers.CharField(read_only=True, allow_null=True)
    instructors = ChosenRows(choose=_active_instructors, child=CourseInstructorSerializer())
    rating = serializers.FloatField(read_only=True)
    enrolled_students = serializers.IntegerField(read_only=True)
    is_enrolled = serializers.SerializerMethodField()
    module_count = serializers.SerializerMethodField()
    lesson_count = serializers.SerializerMethodField()
    thumbnail = LinkedImageField(required=False, allow_null=True, validators=[validate_image_file])

    class Meta:
        model = Course
        fields: tuple[str, ...] = (
            *("id", "title", "subtitle", "slug", "description", "category", "category_id", "thumbnail"),
            *("price", "discount_price", "discount_ends", "level", "duration_minutes", "duration_display"),
            *("has_certificate", "is_featured", "is_published", "is_draft", "published_date", "updated_date"),
            *("instructors", "rating", "enrolled_students", "is_enrolled", "creation_method"),
            *("completion_status", "completion_percentage", "version", "module_count", "lesson_count"),
            *("requirements", "skills", "learning_objectives", "target_audience", "avg_rating"),
            *("total_reviews", "enrolled_students_count", "meta_keywords", "meta_description"),
        )
        read_only_fields = (
            *("slug", "duration_minutes", "is_featured", "is_published", "is_draft", "published_date"),
            *("creation_method", "completion_status", "completion_percentage", "version"),
            *("avg_rating", "total_reviews", "enrolled_students_count"),
        )
        extra_kwargs: Mapping[str, Mapping[str, Any]] = {
            "title": {"required": True},
            "discount_ends": {"validators": [MinValueValidator(EARLIEST)]},
        }

    @classmethod
    def setup_eager_loading(cls, queryset: QuerySet[Course], viewer: Viewer = ANYBODY) -> QuerySet[Course]:
        teaching = CourseInstructorSerializer.setup_eager_loading(
            CourseInstructor.objects.filter(is_active=True)
        )
        categories = CategorySerializer.setup_eager_loading(visible_categories(viewer), viewer)
        return with_outline_counts(queryset, viewer).prefetch_related(
            Prefetch("category", queryset=categories, to_attr="visible_category"),
            Prefetch("courseinstructor_set", queryset=teaching, to_attr="active_instructors"),
        )

    @staticmethod
    def personalise(rows: Iterable[dict[str, Any]], viewer: Viewer) -> None:
        for row in rows:
            row["is_enrolled"] = row["id"] in viewer.enrolled_courses

    def get_is_enrolled(self, course: Course) -> bool:
        return course.pk in self.viewer.enrolled_courses

    def get_module_count(self, course: Course) -> int:
        known: int | None = getattr(course, "visible_module_count", None)
        return known if known is not None else visible_modules(self.viewer).filter(course=course).count()

    def get_lesson_count(self, course: Course) -> int:
        known: int | None = getattr(course, "visible_lesson_count", None)
        rows = visible_lessons(self.viewer).filter(module__course=course)
        return known if known is not None else rows.count()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        discount = self.after_write(attrs, "discount_price")
        if discount is not None and discount >= self.after_write(attrs, "price"):
            raise serializers.ValidationError(
                {"discount_price": "The discount price must be below the price."}
            )
        return attrs


class CoursePublishingSerializer(serializers.Serializer[Any]):
    """Whether a course is to be published."""

    publish = SpokenBooleanField()


class CourseCloneSerializer(serializers.Serializer[Any]):
    """What a clone may be told: a title of its own, and whether it stays a draft."""

    title = serializers.CharField(
        min_length=3, max_length=160, required=False, validators=[refuse_running_markup]
    )
    draft = SpokenBooleanField(default=True)
