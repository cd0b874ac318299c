"""The audited state, field by field: what a database of the previous release looks like (VAL-05)."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import courses.utils.core
import courses.validators


def get_default_category() -> None:
    """Stands for the audited default, which returned a row that no database could store; 0002 drops it."""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "answer_text",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=500,
                        validators=[django.core.validators.MinLengthValidator(1)],
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("is_correct", models.BooleanField(default=False)),
                ("explanation", models.TextField(blank=True, default="")),
                ("order", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": (
                    "question",
                    "order",
                ),
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "title",
                    models.CharField(
                        max_length=255, validators=[django.core.validators.MinLengthValidator(2)]
                    ),
                ),
                ("description", models.TextField(blank=True, default="")),
                (
                    "passing_score",
                    models.PositiveIntegerField(
                        default=70,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                            courses.validators.validate_percentage,
                        ],
                    ),
                ),
                (
                    "max_attempts",
                    models.PositiveIntegerField(
                        default=3, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("time_limit", models.PositiveIntegerField(default=0)),
                ("time_limit_minutes", models.PositiveIntegerField(default=0)),
                ("randomize_questions", models.BooleanField(default=False)),
                ("show_correct_answers", models.BooleanField(default=True)),
                ("show_results", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("duration_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("order", models.PositiveIntegerField(default=0)),
                (
                    "title",
                    models.CharField(
                        default="", max_length=255, validators=[courses.validators.MinStrLenValidator(2)]
                    ),
                ),
                (
                    "content",
                    models.TextField(
                        blank=True,
                        default="",
                        null=True,
                        validators=[courses.validators.MinStrLenValidator(10)],
                    ),
                ),
                ("guest_content", models.TextField(blank=True, default="")),
                ("registered_content", models.TextField(blank=True, default="")),
                (
                    "access_level",
                    models.CharField(
                        choices=[
                            ("guest", "Guest"),
                            ("registered", "Registered"),
                            ("premium", "Premium"),
                            ("enterprise", "Enterprise"),
                        ],
                        default="registered",
                        max_length=20,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("video", "Video"),
                            ("reading", "Reading"),
                            ("interactive", "Interactive"),
                            ("quiz", "Quiz"),
                            ("lab_exercise", "Lab Exercise"),
                            ("assignment", "Assignment"),
                            ("discussion", "Discussion"),
                            ("live_session", "Live Session"),
                            ("download", "Download"),
                        ],
                        default="video",
                        max_length=20,
                    ),
                ),
                (
                    "activity_type",
                    models.CharField(
                        choices=[
                            ("video", "Video"),
                            ("reading", "Reading"),
                            ("quiz", "Quiz"),
                            ("assignment", "Assignment"),
                            ("discussion", "Discussion"),
                            ("interactive", "Interactive"),
                            ("livestream", "Livestream"),
                            ("other", "Other"),
                        ],
                        default="video",
                        max_length=20,
                    ),
                ),
                ("has_assessment", models.BooleanField(default=False)),
                ("has_lab", models.BooleanField(default=False)),
                ("is_free_preview", models.BooleanField(default=False)),
                (
                    "video_url",
                    models.URLField(
                        blank=True, default="", validators=[courses.validators.validate_video_url]
                    ),
                ),
                ("transcript", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": (
                    "module",
                    "order",
                ),
            },
        ),
        migrations.CreateModel(
            name="AssessmentAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("start_time", models.DateTimeField(auto_now_add=True)),
                ("end_time", models.DateTimeField(blank=True, null=True)),
                ("time_taken_seconds", models.PositiveIntegerField(default=0)),
                ("score", models.PositiveIntegerField(default=0)),
                ("max_score", models.PositiveIntegerField(default=0)),
                ("is_completed", models.BooleanField(default=False)),
                ("is_passed", models.BooleanField(default=False)),
                ("passed", models.BooleanField(default=False)),
                ("attempt_number", models.PositiveIntegerField(default=1)),
                ("ip_address", models.GenericIPAddressField(blank=True, null=True)),
                ("user_agent", models.TextField(blank=True, default="")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="courses.assessment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessment_attempts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(blank=True, max_length=180, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "name",
                    models.CharField(
                        default="",
                        max_length=100,
                        unique=True,
                        validators=[courses.validators.MinStrLenValidator(2)],
                    ),
                ),
                ("description", models.TextField(blank=True, default="")),
                ("icon", models.CharField(blank=True, default="", max_length=50)),
                ("sort_order", models.PositiveIntegerField(default=0)),
                ("featured", models.BooleanField(default=False)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="category_children",
                        to="courses.category",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "categories",
                "ordering": (
                    "sort_order",
                    "name",
                ),
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(blank=True, max_length=180, unique=True)),
                ("duration_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("is_published", models.BooleanField(default=False)),
                ("published_date", models.DateTimeField(blank=True, null=True)),
                ("view_count", models.PositiveIntegerField(default=0)),
                ("last_accessed", models.DateTimeField(auto_now=True)),
                (
                    "title",
                    models.CharField(
                        default="", max_length=160, validators=[courses.validators.MinStrLenValidator(3)]
                    ),
                ),
                ("subtitle", models.CharField(blank=True, default="", max_length=255)),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        default="",
                        null=True,
                        validators=[courses.validators.MinStrLenValidator(50)],
                    ),
                ),
                (
                    "thumbnail",
                    models.ImageField(
                        blank=True, null=True, upload_to=courses.utils.core.upload_course_thumbnail
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("49.99"),
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            courses.validators.validate_price_range,
                        ],
                    ),
                ),
                (
                    "discount_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            courses.validators.validate_price_range,
                        ],
                    ),
                ),
                ("discount_ends", models.DateTimeField(blank=True, null=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("beginner", "Beginner"),
                            ("intermediate", "Intermediate"),
                            ("advanced", "Advanced"),
                            ("all_levels", "All Levels"),
                        ],
                        default="all_levels",
                        max_length=20,
                    ),
                ),
                ("has_certificate", models.BooleanField(default=False)),
                ("is_featured", models.BooleanField(default=False)),
                (
                    "requirements",
                    models.JSONField(
                        blank=True, default=list, validators=[courses.validators.JSONListValidator()]
                    ),
                ),
                (
                    "skills",
                    models.JSONField(
                        blank=True, default=list, validators=[courses.validators.JSONListValidator()]
                    ),
                ),
                (
                    "learning_objectives",
                    models.JSONField(
                        blank=True, default=list, validators=[courses.validators.JSONListValidator()]
                    ),
                ),
                ("target_audience", models.TextField(blank=True, default="")),
                (
                    "creation_method",
                    models.CharField(
                        choices=[
                            ("builder", "Builder"),
                            ("wizard", "Wizard"),
                            ("ai", "AI"),
                            ("import", "Import"),
                            ("manual", "Manual"),
                            ("template", "Template"),
                        ],
                        default="builder",
                        max_length=20,
                    ),
                ),
                (
                    "completion_status",
                    models.CharField(
                        choices=[
                            ("not_started", "Not Started"),
                            ("in_progress", "In Progress"),
                            ("partially_complete", "Partially Complete"),
                            ("complete", "Complete"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                            ("suspended", "Suspended"),
                        ],
                        default="not_started",
                        max_length=20,
                    ),
                ),
                (
                    "completion_percentage",
                    models.IntegerField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                            courses.validators.validate_percentage,
                        ],
                    ),
                ),
                ("version", models.DecimalField(decimal_places=1, default=Decimal("1.0"), max_digits=4)),
                ("is_draft", models.BooleanField(default=True)),
                ("meta_keywords", models.CharField(blank=True, default="", max_length=255)),
                ("meta_description", models.TextField(blank=True, default="", null=True)),
                ("sort_order", models.PositiveIntegerField(default=0)),
                ("enrolled_students_count", models.PositiveIntegerField(default=0)),
                ("avg_rating", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=3)),
                ("total_reviews", models.PositiveIntegerField(default=0)),
                ("last_enrollment_date", models.DateTimeField(blank=True, null=True)),
                (
                    "category",
                    models.ForeignKey(
                        default=get_default_category,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="courses",
                        to="courses.category",
                    ),
                ),
                (
                    "parent_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="course_versions",
                        to="courses.course",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="CourseStats",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("total_students", models.PositiveIntegerField(default=0)),
                ("active_students", models.PositiveIntegerField(default=0)),
                ("completion_count", models.PositiveIntegerField(default=0)),
                ("average_completion_days", models.PositiveIntegerField(default=0)),
                ("engagement_score", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("assessment_stats", models.JSONField(blank=True, default=dict)),
                ("revenue_data", models.JSONField(blank=True, default=dict)),
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stats", to="courses.course"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "course stats",
            },
        ),
        migrations.CreateModel(
            name="Enrollment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("dropped", "Dropped"),
                            ("suspended", "Suspended"),
                            ("unenrolled", "Unenrolled"),
                            ("expired", "Expired"),
                            ("pending", "Pending"),
                        ],
                        default="active",
                        max_length=20,
                    ),
                ),
                ("completion_date", models.DateTimeField(blank=True, null=True)),
                ("last_accessed", models.DateTimeField(blank=True, null=True)),
                ("enrolled_date", models.DateTimeField(auto_now_add=True)),
                ("total_time_spent", models.PositiveIntegerField(default=0)),
                (
                    "progress_percentage",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                            courses.validators.validate_percentage,
                        ],
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enrollments",
                        to="courses.course",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="student_enrollments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "last_lesson_accessed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="last_accessed_enrollments",
                        to="courses.lesson",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "certificate_number",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9-]+\\Z"),
                            courses.validators.validate_certificate_number,
                        ],
                    ),
                ),
                ("is_valid", models.BooleanField(default=True)),
                ("revocation_date", models.DateTimeField(blank=True, null=True)),
                ("revocation_reason", models.TextField(blank=True, default="")),
                ("verification_hash", models.CharField(blank=True, max_length=64, unique=True)),
                ("template_version", models.CharField(default="1.0", max_length=10)),
                (
                    "enrollment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificate",
                        to="courses.enrollment",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="CourseProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "completion_percentage",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("last_accessed", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("total_time_spent", models.PositiveIntegerField(default=0)),
                ("lessons_completed", models.PositiveIntegerField(default=0)),
                ("assessments_passed", models.PositiveIntegerField(default=0)),
                ("study_streak_days", models.PositiveIntegerField(default=0)),
                ("last_study_date", models.DateField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="student_progress",
                        to="courses.course",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_progress_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "current_lesson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="current_for_users",
                        to="courses.lesson",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "course progress",
                "ordering": ("-last_accessed",),
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="lesson",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="assessment", to="courses.lesson"
            ),
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("duration_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("is_published", models.BooleanField(default=False)),
                ("published_date", models.DateTimeField(blank=True, null=True)),
                ("order", models.PositiveIntegerField(default=0)),
                (
                    "title",
                    models.CharField(
                        default="", max_length=255, validators=[courses.validators.MinStrLenValidator(2)]
                    ),
                ),
                ("description", models.TextField(blank=True, default="")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="modules",
                        to="courses.course",
                    ),
                ),
            ],
            options={
                "ordering": (
                    "course",
                    "order",
                ),
            },
        ),
        migrations.AddField(
            model_name="lesson",
            name="module",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lessons", to="courses.module"
            ),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("content", models.TextField(validators=[django.core.validators.MinLengthValidator(1)])),
                ("timestamp_seconds", models.PositiveIntegerField(default=0)),
                ("is_private", models.BooleanField(default=True)),
                (
                    "tags",
                    models.JSONField(
                        blank=True, default=list, validators=[courses.validators.JSONListValidator()]
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lesson_notes",
                        to="courses.lesson",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="user_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=255)),
                ("message", models.TextField()),
                (
                    "notification_type",
                    models.CharField(
                        choices=[
                            ("course_update", "Course Update"),
                            ("reminder", "Reminder"),
                            ("achievement", "Achievement"),
                            ("announcement", "Announcement"),
                            ("feedback", "Feedback"),
                            ("custom", "Custom"),
                        ],
                        default="announcement",
                        max_length=255,
                    ),
                ),
                ("is_read", models.BooleanField(default=False)),
                ("read_date", models.DateTimeField(blank=True, null=True)),
                ("action_url", models.URLField(blank=True)),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_notifications",
                        to="courses.course",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("is_completed", models.BooleanField(default=False)),
                ("completed_date", models.DateTimeField(blank=True, null=True)),
                ("time_spent", models.PositiveIntegerField(default=0)),
                (
                    "progress_percentage",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                            courses.validators.validate_percentage,
                        ],
                    ),
                ),
                ("notes", models.TextField(blank=True, default="")),
                ("last_accessed", models.DateTimeField(blank=True, null=True)),
                (
                    "enrollment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to="courses.enrollment",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress_records",
                        to="courses.lesson",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "progress",
                "ordering": ("-last_accessed",),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("question_text", models.TextField(blank=True, default="")),
                ("text", models.TextField(blank=True, default="")),
                (
                    "question_type",
                    models.CharField(
                        choices=[
                            ("multiple_choice", "Multiple Choice"),
                            ("true_false", "True/False"),
                            ("short_answer", "Short Answer"),
                            ("essay", "Essay"),
                            ("matching", "Matching"),
                            ("fill_blank", "Fill in the Blank"),
                        ],
                        default="multiple_choice",
                        max_length=20,
                    ),
                ),
                (
                    "points",
                    models.PositiveIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("explanation", models.TextField(blank=True, default="")),
                ("feedback", models.TextField(blank=True, default="")),
                ("order", models.PositiveIntegerField(default=1)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="courses.assessment",
                    ),
                ),
            ],
            options={
                "ordering": (
                    "assessment",
                    "order",
                ),
            },
        ),
        migrations.CreateModel(
            name="AttemptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("text_answer", models.TextField(blank=True, default="")),
                ("is_correct", models.BooleanField(default=False)),
                ("points_earned", models.PositiveIntegerField(default=0)),
                ("feedback", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers_attempt",
                        to="courses.assessmentattempt",
                    ),
                ),
                (
                    "selected_answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="user_selections",
                        to="courses.answer",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="user_answers",
                        to="courses.question",
                    ),
                ),
            ],
            options={
                "ordering": (
                    "attempt",
                    "question",
                ),
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers_question",
                to="courses.question",
            ),
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("duration_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("order", models.PositiveIntegerField(default=0)),
                ("storage_key", models.CharField(blank=True, max_length=512, null=True)),
                ("uploaded", models.BooleanField(default=False)),
                ("file_size", models.PositiveBigIntegerField(blank=True, null=True)),
                ("mime_type", models.CharField(blank=True, max_length=120, null=True)),
                (
                    "title",
                    models.CharField(
                        default="", max_length=255, validators=[courses.validators.MinStrLenValidator(2)]
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("document", "Document"),
                            ("video", "Video"),
                            ("audio", "Audio"),
                            ("image", "Image"),
                            ("link", "Link"),
                            ("code_sample", "Code Sample"),
                            ("tool_software", "Tool/Software"),
                            ("dataset", "Dataset"),
                            ("template", "Template"),
                            ("archive", "Archive"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True, default="")),
                (
                    "file",
                    models.FileField(
                        blank=True, null=True, upload_to=courses.utils.core.upload_lesson_resource
                    ),
                ),
                ("url", models.URLField(blank=True, default="")),
                ("premium", models.BooleanField(default=False)),
                ("download_count", models.PositiveIntegerField(default=0)),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resources",
                        to="courses.lesson",
                    ),
                ),
            ],
            options={
                "ordering": (
                    "lesson",
                    "order",
                ),
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ]
                    ),
                ),
                ("title", models.CharField(blank=True, default="", max_length=255)),
                ("content", models.TextField(validators=[django.core.validators.MinLengthValidator(10)])),
                ("helpful_count", models.PositiveIntegerField(default=0)),
                ("is_verified_purchase", models.BooleanField(default=False)),
                ("is_approved", models.BooleanField(default=True)),
                ("is_featured", models.BooleanField(default=False)),
                ("moderation_notes", models.TextField(blank=True, default="")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="courses.course",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="UserActivity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                (
                    "activity_type",
                    models.CharField(
                        choices=[
                            ("view_course", "View Course"),
                            ("start_lesson", "Start Lesson"),
                            ("complete_lesson", "Complete Lesson"),
                            ("download_resource", "Download Resource"),
                            ("take_quiz", "Take Quiz"),
                            ("post_comment", "Post Comment"),
                            ("give_review", "Give Review"),
                        ],
                        max_length=255,
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessment_activities",
                        to="courses.assessment",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_activities",
                        to="courses.course",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lesson_activities",
                        to="courses.lesson",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resource_activities",
                        to="courses.resource",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_activities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "user activities",
                "ordering": ("-created_date",),
            },
        ),
        migrations.CreateModel(
            name="UserPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("email_notifications", models.BooleanField(default=True)),
                ("push_notifications", models.BooleanField(default=True)),
                (
                    "reminder_frequency",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("biweekly", "Biweekly"),
                            ("monthly", "Monthly"),
                        ],
                        default="weekly",
                        max_length=20,
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("system", "System"),
                            ("light", "Light"),
                            ("dark", "Dark"),
                            ("high_contrast", "High Contrast"),
                        ],
                        default="system",
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                ("timezone", models.CharField(blank=True, default="", max_length=50)),
                ("autoplay_videos", models.BooleanField(default=True)),
                ("video_playback_speed", models.DecimalField(decimal_places=2, default=1.0, max_digits=3)),
                ("auto_advance_lessons", models.BooleanField(default=False)),
                ("content_filters", models.JSONField(blank=True, default=dict)),
                ("accessibility", models.JSONField(blank=True, default=dict)),
                (
                    "profile_visibility",
                    models.CharField(
                        choices=[
                            ("public", "Public"),
                            ("students_only", "Students Only"),
                            ("private", "Private"),
                        ],
                        default="students_only",
                        max_length=20,
                    ),
                ),
                ("show_progress_to_instructors", models.BooleanField(default=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserStats",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("courses_enrolled", models.PositiveIntegerField(default=0)),
                ("courses_completed", models.PositiveIntegerField(default=0)),
                ("total_time_spent_seconds", models.PositiveBigIntegerField(default=0)),
                ("assessment_avg_score", models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ("last_activity", models.DateTimeField(blank=True, null=True)),
                ("activity_streak", models.PositiveIntegerField(default=0)),
                ("learning_habits", models.JSONField(blank=True, default=dict)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="course_stats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "user stats",
            },
        ),
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_date", models.DateTimeField(auto_now_add=True)),
                ("updated_date", models.DateTimeField(auto_now=True)),
                ("object_id", models.CharField(db_index=True, max_length=255)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("notes", models.TextField(blank=True, default="", null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_favorite", models.BooleanField(default=False)),
                (
                    "tags",
                    models.JSONField(
                        blank=True, default=list, validators=[courses.validators.JSONListValidator()]
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": (
                    "position",
                    "-created_date",
                ),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "content_type", "object_id"), name="unique_bookmark_per_user"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(fields=("slug",), name="unique_category_slug"),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("sort_order__gte", 0)), name="category_sort_order_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.UniqueConstraint(fields=("slug",), name="unique_course_slug"),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)), name="course_price_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_price__gte", 0), ("discount_price__isnull", True), _connector="OR"
                ),
                name="course_discount_price_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gt", 0)), name="course_version_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_price__isnull", True),
                    ("discount_price__lt", models.F("price")),
                    _connector="OR",
                ),
                name="course_discount_less_than_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("certificate_number",), name="unique_certificate_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("verification_hash",), name="unique_verification_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "unenrolled"), _negated=True),
                fields=("user", "course"),
                name="unique_active_enrollment",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseprogress",
            constraint=models.UniqueConstraint(fields=("user", "course"), name="unique_course_progress"),
        ),
        migrations.AddConstraint(
            model_name="courseprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("completion_percentage__gte", 0), ("completion_percentage__lte", 100)),
                name="course_progress_percentage_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("lessons_completed__gte", 0)),
                name="course_progress_lessons_completed_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("assessments_passed__gte", 0)),
                name="course_progress_assessments_passed_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="courseprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("study_streak_days__gte", 0)),
                name="course_progress_study_streak_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("course", "order"), name="unique_module_order"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(fields=("module", "order"), name="unique_lesson_order"),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.UniqueConstraint(
                fields=("enrollment", "lesson"), name="unique_progress_record"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("assessment", "order"), name="unique_question_order"),
        ),
        migrations.AddConstraint(
            model_name="attemptanswer",
            constraint=models.UniqueConstraint(fields=("attempt", "question"), name="unique_attempt_answer"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("question", "order"), name="unique_answer_order"),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(fields=("lesson", "order"), name="unique_resource_order"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(fields=("user", "course"), name="unique_user_course_review"),
        ),
    ]
