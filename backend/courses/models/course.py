"""Course: what is sold, taught and learned."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..choices import CompletionStatus, CourseLevel, CreationMethod
from ..constants import DEFAULT_COURSE_PRICE
from ..utils import upload_course_thumbnail
from ..validators import JSONListValidator, MinStrLenValidator, validate_percentage, validate_price_range
from .mixins import AnalyticsMixin, DurationMixin, PublishableMixin, SlugMixin, TimeStampedMixin

if TYPE_CHECKING:
    from instructor_portal.models import CourseInstructor
    from users.models import CustomUser

TITLE_LENGTH = 160


class Course(TimeStampedMixin, SlugMixin, DurationMixin, PublishableMixin, AnalyticsMixin):
    """A course carries no access level: published, it is a shop window for everybody (policy 3)."""

    # /api/courses/featured/ is a list; a course there could not be reached.
    reserved_slugs = frozenset({"featured"})

    title = models.CharField(max_length=TITLE_LENGTH, default="", validators=[MinStrLenValidator(3)])
    subtitle = models.CharField(max_length=255, blank=True, default="")
    description = models.TextField(null=True, blank=True, default="", validators=[MinStrLenValidator(50)])
    category = models.ForeignKey(
        "courses.Category", related_name="courses", on_delete=models.CASCADE, null=True, blank=True
    )
    thumbnail = models.ImageField(upload_to=upload_course_thumbnail, null=True, blank=True)
    price = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        default=DEFAULT_COURSE_PRICE,
        validators=[MinValueValidator(0), validate_price_range],
    )
    discount_price = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), validate_price_range],
    )
    discount_ends = models.DateTimeField(null=True, blank=True)
    level = models.CharField(max_length=20, default=CourseLevel.ALL_LEVELS, choices=CourseLevel)
    has_certificate = models.BooleanField(default=False)
    is_featured = models.BooleanField(default=False)
    requirements = models.JSONField(blank=True, default=list, validators=[JSONListValidator()])
    skills = models.JSONField(blank=True, default=list, validators=[JSONListValidator()])
    learning_objectives = models.JSONField(blank=True, default=list, validators=[JSONListValidator()])
    target_audience = models.TextField(blank=True, default="")
    creation_method = models.CharField(max_length=20, default=CreationMethod.BUILDER, choices=CreationMethod)
    completion_status = models.CharField(
        max_length=20, default=CompletionStatus.NOT_STARTED, choices=CompletionStatus
    )
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
        ordering = ("-created_date",)
        constraints = (
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
        )

    def __str__(self) -> str:
        return self.title

    @property
    def rating(self) -> float:
        """The average rating."""
        return float(self.avg_rating)

    @property
    def enrolled_students(self) -> int:
        """How many learners are in the course."""
        return self.enrolled_students_count

    def get_slug_source(self) -> str:
        return self.title

    def clean(self) -> None:
        """ValidationError under `discount_price` for a discount that is none."""
        super().clean()
        if self.discount_price is not None and self.price is not None and self.discount_price >= self.price:
            raise ValidationError({"discount_price": _("The discount price must be below the price.")})

    def get_effective_price(self) -> Decimal:
        """What a buyer pays now: the discount price until the discount ends."""
        running = self.discount_ends is None or self.discount_ends > timezone.now()
        return self.discount_price if self.discount_price is not None and running else self.price

    def get_instructors(self) -> "QuerySet[CourseInstructor]":
        """The active instructor rows, the lead first, each with its user."""
        return self.courseinstructor_set.filter(is_active=True).select_related("instructor")

    def publish(self) -> None:
        """Publishes the course; it is no draft any more."""
        self.is_draft = False
        super().publish()

    def unpublish(self) -> None:
        """Turns the course back into a draft."""
        self.is_draft = True
        super().unpublish()

    def reset_analytics(self) -> None:
        """Forgets views, learners and ratings; `update_analytics` counts the latter two again."""
        self._update_columns(
            view_count=0, enrolled_students_count=0, avg_rating=Decimal("0.00"), total_reviews=0
        )

    def clone_version(self, creator: "CustomUser | None", **kwargs: Any) -> "Course":
        """The next version of this course as a draft of `creator`; `kwargs` replace fields of the copy."""
        from .cloning import clone_course

        return clone_course(self, creator, **kwargs)

    def clone(
        self, title: str | None = None, creator: "CustomUser | None" = None, draft: bool = True
    ) -> "Course":
        """A copy under a title of its own; published at once unless `draft`."""
        copy = self.clone_version(creator, title=title or _copy_title(self.title))
        if not draft:
            copy.publish()
        return copy


def _copy_title(title: str) -> str:
    suffix = " (Copy)"
    return title[: TITLE_LENGTH - len(suffix)] + suffix
