"""Who teaches which course."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class CourseInstructor(models.Model):
    class Role(models.TextChoices):
        PRIMARY = "primary", "Primary Instructor"
        CO_INSTRUCTOR = "co_instructor", "Co-Instructor"
        ASSISTANT = "assistant", "Teaching Assistant"
        GUEST = "guest", "Guest Instructor"

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE)
    instructor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=30, default=Role.PRIMARY, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    is_lead = models.BooleanField(default=False)
    can_edit_content = models.BooleanField(default=True)
    can_manage_students = models.BooleanField(default=True)
    can_view_analytics = models.BooleanField(default=True)
    revenue_share_percentage = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("100.00"),
        validators=[MinValueValidator(0.00), MaxValueValidator(100.00)],
    )
    joined_date = models.DateTimeField(auto_now_add=True)
    updated_date = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["course", "-is_lead", "joined_date"]
        unique_together = [("course", "instructor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue_share_percentage__gte=0, revenue_share_percentage__lte=100),
                name="valid_revenue_share_percentage",
            )
        ]

    def __str__(self):
        return f"{self.instructor} teaches {self.course}"

    def clean(self):
        super().clean()
        if self.is_lead and not self.is_active:
            raise ValidationError({"is_lead": "A lead instructor must be active."})
