"""Category: the shelf a course stands on."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, QuerySet

from ..validators import MinStrLenValidator
from .mixins import SlugMixin, TimeStampedMixin

if TYPE_CHECKING:
    from .course import Course


class Category(TimeStampedMixin, SlugMixin):
    """A named group of courses; an inactive one is for staff only (policy 11)."""

    is_active = models.BooleanField(default=True)
    name = models.CharField(max_length=100, default="", unique=True, validators=[MinStrLenValidator(2)])
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=50, blank=True, default="")
    sort_order = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", related_name="category_children", on_delete=models.SET_NULL, null=True, blank=True
    )
    featured = models.BooleanField(default=False)

    class Meta:
        ordering = (
            "sort_order",
            "name",
        )
        verbose_name_plural = "categories"
        constraints = (
            models.UniqueConstraint(fields=["slug"], name="unique_category_slug"),
            models.CheckConstraint(condition=Q(sort_order__gte=0), name="category_sort_order_positive"),
        )

    def __str__(self) -> str:
        return self.name

    def normalize_name(self, name: str) -> str:
        """The name without blanks around it and with single blanks inside."""
        return " ".join(name.split())

    def get_slug_source(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.normalize_name(self.name)
        super().save(*args, **kwargs)

    def get_all_courses(self) -> "QuerySet[Course]":
        """The published courses of this category and of the categories right below it."""
        from .course import Course

        return Course.objects.filter(Q(category=self) | Q(category__parent=self), is_published=True)

    def get_course_count(self) -> int:
        """How many published courses stand in this very category."""
        return self.courses.filter(is_published=True).count()
