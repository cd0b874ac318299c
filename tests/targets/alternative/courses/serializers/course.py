"""Categories and courses."""

from datetime import UTC

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Coalesce
from rest_framework import serializers

from instructor_portal.models import CourseInstructor

from ..models import Category, Course, Enrollment, Lesson, Module, Review
from ..visibility import Reader, filter_for_access_level
from .fields import CategoryKeyField
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin
from .outline import ModuleSerializer

TAKING_PART = ("active", "completed")


def count_of(queryset, group):
    """Scalar sub-query: how many rows of a queryset belong to the outer row."""
    rows = queryset.filter(**{group: OuterRef("pk")}).order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))


class CategorySerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    course_count = serializers.SerializerMethodField()

    class Meta:
        model = Category
        fields = [
            "id",
            "name",
            "description",
            "icon",
            "slug",
            "is_active",
            "sort_order",
            "parent",
            "course_count",
            "created_date",
            "updated_date",
            "featured",
        ]

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        courses = filter_for_access_level(Course.objects.all(), reader or Reader(None))
        return queryset.select_related("parent").annotate(visible_course_count=count_of(courses, "category"))

    def get_course_count(self, obj) -> int:
        if not hasattr(obj, "visible_course_count"):
            obj.visible_course_count = filter_for_access_level(obj.courses.all(), self.reader).count()
        return obj.visible_course_count

    def _process_representation_safely(self, data, instance):
        """A closed parent is as absent as its own page."""
        if instance.parent_id is None or self.reader.is_staff or instance.parent.is_active:
            return data
        return {**data, "parent": None}


class CourseInstructorSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    instructor = serializers.SerializerMethodField()
    course_count = serializers.SerializerMethodField()

    class Meta:
        model = CourseInstructor
        fields = ["id", "instructor", "role", "is_lead", "is_active", "course_count"]

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        own = CourseInstructor.objects.filter(
            instructor=OuterRef("instructor"), is_active=True, course__is_published=True
        )
        counted = own.order_by().values("instructor").annotate(n=Count("pk")).values("n")
        return queryset.select_related("instructor").annotate(
            published_courses=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
        )

    def get_instructor(self, obj) -> dict:
        user = obj.instructor
        return {"id": user.pk, "full_name": user.get_full_name()}

    def get_course_count(self, obj) -> int:
        if not hasattr(obj, "published_courses"):
            rows = CourseInstructor.objects.filter(instructor=obj.instructor_id, is_active=True)
            obj.published_courses = rows.filter(course__is_published=True).count()
        return obj.published_courses


class CourseVersionSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    class Meta:
        model = Course
        fields = ["id", "title", "slug", "version", "is_draft", "is_published", "published_date", "created_date"]
        read_only_fields = fields


class CourseSerializer(
    ContextPropagationMixin, OptimizedQueryMixin, EnhancedValidationMixin, serializers.ModelSerializer
):
    html_fields = ("description", "target_audience")

    category = serializers.SerializerMethodField()
    category_id = CategoryKeyField(source="category", write_only=True, required=False, allow_null=True)
    instructors = serializers.SerializerMethodField()
    rating = serializers.FloatField(read_only=True)
    enrolled_students = serializers.IntegerField(read_only=True)
    duration_display = serializers.CharField(read_only=True, allow_null=True)
    is_enrolled = serializers.SerializerMethodField()
    module_count = serializers.SerializerMethodField()
    lesson_count = serializers.SerializerMethodField()

    class Meta:
        model = Course
        fields = """id title subtitle slug description category category_id thumbnail price discount_price
            discount_ends level duration_minutes duration_display has_certificate is_featured is_published is_draft
            published_date updated_date instructors rating enrolled_students is_enrolled creation_method
            completion_status completion_percentage version module_count lesson_count requirements skills
            learning_objectives target_audience avg_rating total_reviews enrolled_students_count meta_keywords
            meta_description""".split()
        read_only_fields = """slug duration_minutes is_featured is_published is_draft published_date completion_status
            completion_percentage creation_method version avg_rating total_reviews enrolled_students_count""".split()
        extra_kwargs = {"title": {"required": True}}

    def to_representation(self, instance):
        """A discount is told in UTC: a zone's own time was off by seconds once, which no date-time can say."""
        shown = super().to_representation(instance)
        if shown.get("discount_ends"):
            shown["discount_ends"] = serializers.DateTimeField(default_timezone=UTC).to_representation(
                instance.discount_ends
            )
        return shown

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        reader = reader or Reader(None)
        teachers = CourseInstructorSerializer.setup_eager_loading(CourseInstructor.objects.filter(is_active=True))
        queryset = queryset.prefetch_related(
            Prefetch("category", CategorySerializer.setup_eager_loading(Category.objects.all(), reader)),
            Prefetch("courseinstructor_set", teachers, to_attr="active_instructors"),
        ).annotate(
            visible_modules_n=count_of(filter_for_access_level(Module.objects.all(), reader), "course"),
            visible_lessons_n=count_of(filter_for_access_level(Lesson.objects.all(), reader), "module__course"),
        )
        if not reader.is_authenticated:
            return queryset
        taken = Enrollment.objects.filter(user=reader.user, course=OuterRef("pk"), status__in=TAKING_PART)
        return queryset.annotate(reader_takes_part=Exists(taken))

    def get_category(self, obj) -> dict | None:
        """The course stays in the shop when its category is closed; the category does not."""
        if obj.category is None or not (obj.category.is_active or self.reader.is_staff):
            return None
        return CategorySerializer(obj.category, context=self.context).data

    def get_instructors(self, obj) -> list[dict]:
        if not hasattr(obj, "active_instructors"):
            rows = CourseInstructor.objects.filter(course=obj, is_active=True)
            obj.active_instructors = list(CourseInstructorSerializer.setup_eager_loading(rows))
        return CourseInstructorSerializer(obj.active_instructors, many=True, context=self.context).data

    def get_is_enrolled(self, obj) -> bool:
        if not self.reader.is_authenticated:
            return False
        if not hasattr(obj, "reader_takes_part"):
            rows = obj.enrollments.filter(user=self.reader.user, status__in=TAKING_PART)
            obj.reader_takes_part = rows.exists()
        return obj.reader_takes_part

    def get_module_count(self, obj) -> int:
        if hasattr(obj, "visible_modules_n"):
            return obj.visible_modules_n
        return filter_for_access_level(obj.modules.all(), self.reader).count()

    def get_lesson_count(self, obj) -> int:
        if hasattr(obj, "visible_lessons_n"):
            return obj.visible_lessons_n
        return filter_for_access_level(Lesson.objects.filter(module__course=obj), self.reader).count()

    def validate(self, attrs):
        attrs = super().validate(attrs)
        price = attrs.get("price", getattr(self.instance, "price", Course._meta.get_field("price").get_default()))
        discount = attrs.get("discount_price", getattr(self.instance, "discount_price", None))
        if discount is not None and discount >= price:
            raise serializers.ValidationError({"discount_price": "The discount must be below the price."})
        return attrs


class CourseDetailSerializer(CourseSerializer):
    modules = serializers.SerializerMethodField()
    user_progress = serializers.SerializerMethodField()
    version_info = serializers.SerializerMethodField()
    enrollment_info = serializers.SerializerMethodField()
    recent_reviews = serializers.SerializerMethodField()

    class Meta(CourseSerializer.Meta):
        fields = [
            *CourseSerializer.Meta.fields,
            "modules",
            "user_progress",
            "version_info",
            "enrollment_info",
            "recent_reviews",
        ]

    def _enrollment(self, obj):
        if not self.reader.is_authenticated:
            return None
        if not hasattr(obj, "reader_enrollment"):
            rows = obj.enrollments.filter(user=self.reader.user).exclude(status="unenrolled")
            obj.reader_enrollment = rows.first()
        return obj.reader_enrollment

    def get_modules(self, obj) -> list[dict]:
        rows = filter_for_access_level(obj.modules.order_by("order"), self.reader)
        rows = ModuleSerializer.setup_eager_loading(rows, self.reader)
        return ModuleSerializer(rows, many=True, context=self.context).data

    def get_user_progress(self, obj) -> dict | None:
        row = self._enrollment(obj)
        if row is None:
            return None
        return {"progress_percentage": row.progress_percentage, "total_time_spent": row.total_time_spent}

    def get_enrollment_info(self, obj) -> dict | None:
        row = self._enrollment(obj)
        if row is None:
            return None
        return {"id": row.pk, "status": row.status, "enrolled_date": row.enrolled_date.isoformat()}

    def get_version_info(self, obj) -> dict:
        """Relatives of the course, as far as the reader may know of them."""
        family = Course.objects.filter(self.reader.courses())
        children = family.filter(parent_version=obj).order_by("version")
        parent = family.filter(pk=obj.parent_version_id).first() if obj.parent_version_id else None
        return {
            "version": str(obj.version),
            "is_draft": obj.is_draft,
            "parent": CourseVersionSerializer(parent, context=self.context).data if parent else None,
            "children": CourseVersionSerializer(children, many=True, context=self.context).data,
        }

    def get_recent_reviews(self, obj) -> list[dict]:
        from .analytics import ReviewSerializer

        rows = Review.objects.filter(course=obj, is_approved=True).select_related("user").order_by("-created_date")
        return ReviewSerializer(rows[:5], many=True, context=self.context).data


class CourseCloneSerializer(serializers.Serializer):
    title = serializers.CharField(required=False, min_length=3, max_length=160)
    draft = serializers.BooleanField(required=False, default=True)
