"""Categories and courses."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..constants import COMPLETION_STATUSES, CREATION_METHODS, LEVEL_CHOICES, CompletionStatus
from ..utils.core import update_course_analytics
from ..utils.model_helpers import create_char_field, create_json_field
from ..utils.naming import upload_course_thumbnail
from ..validators import MinStrLenValidator, validate_percentage, validate_price_range
from .mixins import DurationMixin, PublishableMixin, SlugMixin, TimeStampedMixin, require


def get_default_category():
    """Key, not instance: a default is copied into rows as it is. None when there is no such category yet."""
    return Category.objects.filter(slug="general").values_list("pk", flat=True).first()


class Category(TimeStampedMixin, SlugMixin):
    is_active = models.BooleanField(default=True)
    name = create_char_field(max_length=100, min_len=2, unique=True)
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=50, blank=True, default="")
    sort_order = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", related_name="category_children", on_delete=models.SET_NULL, null=True, blank=True
    )
    featured = models.BooleanField(default=False)

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="unique_category_slug"),
            models.CheckConstraint(condition=Q(sort_order__gte=0), name="category_sort_order_positive"),
        ]

    def __str__(self):
        return self.name

    def normalize_name(self, name):
        return " ".join(str(name or "").split())

    def get_slug_source(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name = self.normalize_name(self.name)
        return super().save(*args, **kwargs)

    def get_course_count(self):
        return self.courses.filter(is_published=True).count()

    def get_all_courses(self):
        return Course.objects.filter(Q(category=self) | Q(category__parent=self))


class Course(TimeStampedMixin, SlugMixin, DurationMixin, PublishableMixin):
    view_count = models.PositiveIntegerField(default=0)
    last_accessed = models.DateTimeField(auto_now=True)
    title = create_char_field(max_length=160, min_len=3)
    subtitle = models.CharField(max_length=255, blank=True, default="")
    description = models.TextField(null=True, blank=True, default="", validators=[MinStrLenValidator(50)])
    category = models.ForeignKey(
        Category, related_name="courses", on_delete=models.CASCADE, null=True, default=get_default_category
    )
    thumbnail = models.ImageField(upload_to=upload_course_thumbnail, null=True, blank=True)
    price = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        default=Decimal("49.99"),
        validators=[MinValueValidator(0), validate_price_range],
    )
    discount_price = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0), validate_price_range]
    )
    discount_ends = models.DateTimeField(null=True, blank=True)
    level = models.CharField(max_length=20, default="all_levels", choices=LEVEL_CHOICES)
    has_certificate = models.BooleanField(default=False)
    is_featured = models.BooleanField(default=False)
    requirements = create_json_field()
    skills = create_json_field()
    learning_objectives = create_json_field()
    target_audience = models.TextField(blank=True, default="")
    creation_method = models.CharField(max_length=20, default="builder", choices=CREATION_METHODS)
    completion_status = models.CharField(max_length=20, default="not_started", choices=COMPLETION_STATUSES)
    completion_percentage = models.IntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(100), validate_percentage]
    )
    version = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal("1.0"))
    is_draft = models.BooleanField(default=True)
    parent_version = models.ForeignKey(
        "self", related_name="course_versions", on_delete=models.SET_NULL, null=True, blank=True
    )
    meta_keywords = models.CharField(max_length=255, blank=True, default="")
    meta_description = models.TextField(null=True, blank=True, default="")
    sort_order = models.PositiveIntegerField(default=0)
    enrolled_students_count = models.PositiveIntegerField(default=0)
    avg_rating = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.00"))
    total_reviews = models.PositiveIntegerField(default=0)
    last_enrollment_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_date"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="unique_course_slug"),
            models.CheckConstraint(condition=Q(price__gte=0), name="course_price_positive"),
            models.CheckConstraint(
                condition=Q(discount_price__gte=0) | Q(discount_price__isnull=True),
                name="course_discount_price_positive",
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="course_version_positive"),
            models.CheckConstraint(
                condition=Q(discount_price__isnull=True) | Q(discount_price__lt=F("price")),
                name="course_discount_less_than_price",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.discount_price is not None and self.price is not None:
            require(self.discount_price < self.price, "discount_price", "The discount must be below the price.")

    def get_slug_source(self):
        return self.title

    @property
    def rating(self):
        return float(self.avg_rating or 0)

    @property
    def enrolled_students(self):
        return self.enrolled_students_count

    def get_effective_price(self):
        running = self.discount_ends is None or self.discount_ends > timezone.now()
        return self.discount_price if self.discount_price is not None and running else self.price

    def get_instructors(self):
        return self.courseinstructor_set.filter(is_active=True).select_related("instructor")

    def publish(self):
        self.is_draft = False
        super().publish()

    def unpublish(self):
        self.is_draft = True
        super().unpublish()

    def clone_version(self, creator, **kwargs):
        """The next version of this course, as a draft that belongs to the creator."""
        from ..cloning import clone_course

        return clone_course(self, creator, **kwargs)

    def clone(self, title=None, creator=None, draft=True):
        return self.clone_version(creator, title=title, is_draft=draft)

    def increment_view_count(self):
        Course.objects.filter(pk=self.pk).update(view_count=F("view_count") + 1)
        self.refresh_from_db(fields=["view_count"])

    def reset_analytics(self):
        zero = {"view_count": 0, "enrolled_students_count": 0, "avg_rating": Decimal("0.00"), "total_reviews": 0}
        Course.objects.filter(pk=self.pk).update(**zero)
        self.refresh_from_db(fields=list(zero))

    def update_analytics(self):
        update_course_analytics(self)

    def expected_completion_status(self):
        """The status that the other fields imply; set-aside courses keep theirs."""
        if self.completion_status in {CompletionStatus.ARCHIVED, CompletionStatus.SUSPENDED}:
            return self.completion_status
        if self.is_published:
            return CompletionStatus.PUBLISHED.value
        for least, status in ((100, "complete"), (50, "partially_complete"), (1, "in_progress")):
            if self.completion_percentage >= least:
                return status
        return "not_started"
