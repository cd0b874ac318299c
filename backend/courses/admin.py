"""Admin pages of the courses app, one per model.

Relations are searched or asked for by key, so that no page loads a whole table.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException

from .admin_parts import RowAdmin, SecureAdminMixin
from .catalogue_cache import catalogue_changed
from .choices import EnrollmentStatus
from .learning.enrolling import unenrol
from .models import (
    Answer,
    Assessment,
    AssessmentAttempt,
    AttemptAnswer,
    Bookmark,
    Category,
    Certificate,
    Course,
    CourseProgress,
    CourseStats,
    Enrollment,
    Lesson,
    Module,
    Note,
    Notification,
    Progress,
    Question,
    Resource,
    Review,
    UserActivity,
    UserPreference,
    UserStats,
)
from .publishing import publish_course, unpublish_course
from .serializers import (
    CategorySerializer,
    CourseSerializer,
    LessonSerializer,
    ModuleSerializer,
    ResourceSerializer,
)

# --- content ------------------------------------------------------------------------------------------------


@admin.register(Category)
class CategoryAdmin(RowAdmin):
    list_display = ("name", "slug", "is_active", "featured", "sort_order")
    list_filter = ("is_active", "featured")
    search_fields = ("name",)
    html_fields = CategorySerializer.html_fields
    autocomplete_fields = ("parent",)


@admin.register(Course)
class CourseAdmin(RowAdmin):
    """Courses are published by the action, which asks for what the API asks for."""

    list_display = ("title", "slug", "category", "is_published", "is_featured", "price", "version")
    list_filter = ("is_published", "is_featured", "level", "category")
    search_fields = ("title", "subtitle", "slug")
    html_fields = CourseSerializer.html_fields
    autocomplete_fields = ("category", "parent_version")
    list_select_related = ("category",)
    readonly_fields = (*RowAdmin.readonly_fields, "is_published", "is_draft", "published_date")
    actions = (*RowAdmin.actions, "publish", "unpublish", "feature", "unfeature")

    @admin.action(description=gettext_lazy("Publish the selected courses"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        self._each(request, queryset, publish_course)

    @admin.action(
        description=gettext_lazy("Turn the selected courses back into drafts"), permissions=["change"]
    )
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        self._each(request, queryset, unpublish_course)

    @admin.action(description=gettext_lazy("Feature the selected courses"), permissions=["change"])
    def feature(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        self._set_featured(request, queryset, True)

    @admin.action(description=gettext_lazy("Stop featuring the selected courses"), permissions=["change"])
    def unfeature(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        self._set_featured(request, queryset, False)

    def has_delete_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        """Learners' records go with a course: one with enrolments stays, but for superusers (policy 7)."""
        is_kept = obj is not None and not request.user.is_superuser and obj.enrollments.exists()
        return not is_kept and super().has_delete_permission(request, obj)

    def _each(self, request: HttpRequest, courses: QuerySet[Course], step: Any) -> None:
        """Takes the step with each course; one that cannot take it is named, the others go on."""
        done = 0
        for course in courses:
            try:
                step(course)
                done += 1
            except APIException as refusal:
                why = f"{course}: {refusal}"
                self.message_user(request, why, messages.WARNING)
        self._tell(request, done)

    def _set_featured(self, request: HttpRequest, courses: QuerySet[Course], featured: bool) -> None:
        done = courses.update(is_featured=featured)
        catalogue_changed()
        self._tell(request, done)

    def _tell(self, request: HttpRequest, done: int) -> None:
        self.message_user(request, _("%(count)s courses were changed.") % {"count": done})


@admin.register(Module)
class ModuleAdmin(RowAdmin):
    list_display = ("title", "course", "order", "is_published")
    list_filter = ("is_published",)
    search_fields = ("title", "course__title")
    html_fields = ModuleSerializer.html_fields
    autocomplete_fields = ("course",)
    list_select_related = ("course",)


@admin.register(Lesson)
class LessonAdmin(RowAdmin):
    list_display = ("title", "module", "order", "access_level", "is_free_preview", "type")
    list_filter = ("access_level", "is_free_preview", "type")
    search_fields = ("title", "module__title")
    html_fields = LessonSerializer.html_fields
    autocomplete_fields = ("module",)
    list_select_related = ("module",)


@admin.register(Resource)
class ResourceAdmin(RowAdmin):
    list_display = ("title", "lesson", "order", "type", "premium")
    list_filter = ("type", "premium")
    search_fields = ("title", "lesson__title")
    html_fields = ResourceSerializer.html_fields
    autocomplete_fields = ("lesson",)
    list_select_related = ("lesson",)


# --- assessments --------------------------------------------------------------------------------------------


@admin.register(Assessment)
class AssessmentAdmin(RowAdmin):
    list_display = ("title", "lesson", "passing_score", "max_attempts")
    search_fields = ("title", "lesson__title")
    html_fields = ("description",)
    autocomplete_fields = ("lesson",)
    list_select_related = ("lesson",)


@admin.register(Question)
class QuestionAdmin(RowAdmin):
    list_display = ("question_text", "assessment", "order", "question_type", "points")
    list_filter = ("question_type",)
    search_fields = ("question_text", "assessment__title")
    html_fields = ("explanation", "feedback")
    autocomplete_fields = ("assessment",)
    list_select_related = ("assessment",)


@admin.register(Answer)
class AnswerAdmin(RowAdmin):
    list_display = ("answer_text", "question", "order", "is_correct")
    list_filter = ("is_correct",)
    search_fields = ("answer_text",)
    html_fields = ("explanation",)
    autocomplete_fields = ("question",)
    list_select_related = ("question",)


@admin.register(AssessmentAttempt)
class AssessmentAttemptAdmin(RowAdmin):
    list_display = ("user", "assessment", "attempt_number", "score", "max_score", "is_passed")
    list_filter = ("is_completed", "is_passed")
    search_fields = ("user__email", "assessment__title")
    autocomplete_fields = ("user", "assessment")
    list_select_related = ("user", "assessment")
    readonly_fields = (*RowAdmin.readonly_fields, "start_time")


@admin.register(AttemptAnswer)
class AttemptAnswerAdmin(RowAdmin):
    list_display = ("attempt", "question", "is_correct", "points_earned")
    list_filter = ("is_correct",)
    autocomplete_fields = ("attempt", "question", "selected_answer")
    list_select_related = ("attempt__user", "attempt__assessment", "question")
    readonly_fields = (*RowAdmin.readonly_fields, "answered_at")


# --- learners -----------------------------------------------------------------------------------------------


@admin.register(Enrollment)
class EnrollmentAdmin(RowAdmin):
    list_display = ("user", "course", "status", "progress_percentage", "enrolled_date")
    list_filter = ("status",)
    search_fields = ("user__email", "course__title")
    autocomplete_fields = ("user", "course", "last_lesson_accessed")
    list_select_related = ("user", "course")
    readonly_fields = (*RowAdmin.readonly_fields, "enrolled_date")
    lasting_fields = ("user", "course")

    def save_model(self, request: HttpRequest, obj: Enrollment, form: Any, change: bool) -> None:
        """Who is taken out of a course here leaves it as by the API: the certificate is revoked (VIEW-14)."""
        is_left = obj.status == EnrollmentStatus.UNENROLLED and "status" in form.changed_data
        if is_left:
            obj.status = form["status"].initial
        super().save_model(request, obj, form, change)
        if is_left:
            unenrol(obj)


@admin.register(Progress)
class ProgressAdmin(RowAdmin):
    list_display = ("enrollment", "lesson", "is_completed", "progress_percentage", "last_accessed")
    list_filter = ("is_completed",)
    search_fields = ("enrollment__user__email", "lesson__title")
    autocomplete_fields = ("enrollment", "lesson")
    list_select_related = ("enrollment__user", "enrollment__course", "lesson")


@admin.register(Certificate)
class CertificateAdmin(RowAdmin):
    """Number and hash are issued with the certificate, and stay."""

    list_display = ("certificate_number", "enrollment", "is_valid", "revocation_date")
    list_filter = ("is_valid",)
    search_fields = ("certificate_number", "enrollment__user__email")
    autocomplete_fields = ("enrollment",)
    list_select_related = ("enrollment__user", "enrollment__course")
    readonly_fields = (*RowAdmin.readonly_fields, "certificate_number", "verification_hash")


@admin.register(CourseProgress)
class CourseProgressAdmin(RowAdmin):
    list_display = ("user", "course", "completion_percentage", "lessons_completed", "last_accessed")
    search_fields = ("user__email", "course__title")
    autocomplete_fields = ("user", "course", "current_lesson")
    list_select_related = ("user", "course")
    readonly_fields = (*RowAdmin.readonly_fields, "started_at")


@admin.register(Review)
class ReviewAdmin(RowAdmin):
    list_display = ("course", "user", "rating", "is_approved", "is_featured")
    list_filter = ("is_approved", "is_featured", "rating")
    search_fields = ("title", "course__title", "user__email")
    autocomplete_fields = ("user", "course")
    list_select_related = ("course", "user")
    lasting_fields = ("user", "course")


@admin.register(Note)
class NoteAdmin(RowAdmin):
    list_display = ("user", "lesson", "is_private", "created_date")
    list_filter = ("is_private",)
    search_fields = ("user__email", "lesson__title")
    autocomplete_fields = ("user", "lesson")
    list_select_related = ("user", "lesson")


@admin.register(Bookmark)
class BookmarkAdmin(RowAdmin):
    list_display = ("user", "title", "content_type", "object_id", "is_favorite")
    list_filter = ("is_favorite",)
    autocomplete_fields = ("user",)
    list_select_related = ("user", "content_type")


@admin.register(Notification)
class NotificationAdmin(RowAdmin):
    list_display = ("user", "title", "notification_type", "is_read")
    list_filter = ("notification_type", "is_read")
    search_fields = ("title", "user__email")
    autocomplete_fields = ("user", "course")
    list_select_related = ("user",)


@admin.register(UserPreference)
class UserPreferenceAdmin(RowAdmin):
    list_display = ("user", "language", "theme", "reminder_frequency")
    search_fields = ("user__email",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


# --- numbers ------------------------------------------------------------------------------------------------


@admin.register(UserActivity)
class UserActivityAdmin(RowAdmin):
    list_display = ("user", "activity_type", "course", "created_date")
    list_filter = ("activity_type",)
    autocomplete_fields = ("user", "course", "lesson", "resource", "assessment")
    list_select_related = ("user", "course")


@admin.register(CourseStats)
class CourseStatsAdmin(RowAdmin):
    list_display = ("course", "total_students", "active_students", "completion_count")
    autocomplete_fields = ("course",)
    list_select_related = ("course",)


@admin.register(UserStats)
class UserStatsAdmin(RowAdmin):
    list_display = ("user", "courses_enrolled", "courses_completed", "last_activity")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


__all__ = ["SecureAdminMixin"]
