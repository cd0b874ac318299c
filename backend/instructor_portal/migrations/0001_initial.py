"""The models as the API surface names them."""

import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseInstructor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("primary", "Primary"),
                            ("co_instructor", "Co Instructor"),
                            ("assistant", "Assistant"),
                            ("guest", "Guest"),
                        ],
                        default="primary",
                        max_length=30,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("is_lead", models.BooleanField(default=False)),
                ("can_edit_content", models.BooleanField(default=True)),
                ("can_manage_students", models.BooleanField(default=True)),
                ("can_view_analytics", models.BooleanField(default=True)),
                (
                    "revenue_share_percentage",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("100.00"),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.00")),
                            django.core.validators.MaxValueValidator(Decimal("100.00")),
                        ],
                    ),
                ),
                ("joined_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "course",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="courses.course"),
                ),
                (
                    "instructor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("course", "-is_lead", "joined_date"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revenue_share_percentage__gte", 0), ("revenue_share_percentage__lte", 100)
                        ),
                        name="valid_revenue_share_percentage",
                    )
                ],
                "unique_together": {("course", "instructor")},
            },
        ),
    ]
