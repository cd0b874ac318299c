"""The teaching rows: ownership of a course (policies 3, 6, 7)."""

from decimal import Decimal

from courses.utils.payloads import validate_instructor_permissions
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CourseInstructor(models.Model):
    """One person's part in teaching one course; an inactive row gives nothing."""

    class Role(models.TextChoices):
        PRIMARY = "primary"
        CO_INSTRUCTOR = "co_instructor"
        ASSISTANT = "assistant"
        GUEST = "guest"

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE)
    instructor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=30, choices=Role.choices, default=Role.PRIMARY)
    is_active = models.BooleanField(default=True)
    is_lead = models.BooleanField(default=False)
    can_edit_content = models.BooleanField(default=True)
    can_manage_students = models.BooleanField(default=True)
    can_view_analytics = models.BooleanField(default=True)
    revenue_share_percentage = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("100.00"),
        validators=[MinValueValidator(Decimal("0.00")), MaxValueValidator(Decimal("100.00"))],
    )
    joined_date = models.DateTimeField(auto_now_add=True)
    updated_date = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("course", "-is_lead", "joined_date")
        unique_together = (("course", "instructor"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(revenue_share_percentage__gte=0, revenue_share_percentage__lte=100),
                name="valid_revenue_share_percentage",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.instructor_id} of course {self.course_id}"

    def clean(self) -> None:
        """Only accounts that may teach, and one active lead per course."""
        super().clean()
        if self.instructor_id and self.is_active and not validate_instructor_permissions(self.instructor):
            raise ValidationError({"instructor": _("This account may not teach.")}, code="not_an_instructor")
        leads = CourseInstructor.objects.filter(course_id=self.course_id, is_lead=True, is_active=True)
        if self.is_lead and self.is_active and self.course_id and leads.exclude(pk=self.pk).exists():
            raise ValidationError(
                {"is_lead": _("The course has an active lead already.")}, code="second_lead"
            )
