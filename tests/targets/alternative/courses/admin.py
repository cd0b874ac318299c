"""Administration of the course app."""

from django.contrib import admin

from . import models
from .utils.sanitisation import sanitize_html_content

HTML_FIELDS = ("content", "guest_content", "registered_content", "transcript", "description", "target_audience")


class SecureAdminMixin:
    """Only superusers delete in bulk; everybody else deletes one object at a time, with the permission for it."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not request.user.is_superuser:
            actions.pop("delete_selected", None)
        return actions


class FormattedTextAdminMixin:
    """HTML from a form of the administration is reduced to formatting, too, before it is stored."""

    def save_form(self, request, form, change):
        row = super().save_form(request, form, change)
        for name in HTML_FIELDS:
            if getattr(row, name, None):
                setattr(row, name, sanitize_html_content(getattr(row, name)))
        return row


class CourseAdminActions:
    @admin.action(description="Publish the selected courses", permissions=["change"])
    def publish_courses(self, request, queryset):
        for course in queryset:
            course.publish()

    @admin.action(description="Unpublish the selected courses", permissions=["change"])
    def unpublish_courses(self, request, queryset):
        for course in queryset:
            course.unpublish()

    @admin.action(description="Feature the selected courses", permissions=["change"])
    def feature_courses(self, request, queryset):
        queryset.update(is_featured=True)


@admin.register(models.Category)
class CategoryAdmin(SecureAdminMixin, FormattedTextAdminMixin, admin.ModelAdmin):
    list_display = ("name", "slug", "parent", "is_active", "sort_order")
    list_select_related = ("parent",)
    search_fields = ("name",)


@admin.register(models.Course)
class CourseAdmin(SecureAdminMixin, FormattedTextAdminMixin, CourseAdminActions, admin.ModelAdmin):
    list_display = ("title", "category", "level", "price", "version", "is_published", "is_featured")
    list_filter = ("is_published", "is_featured", "level")
    list_select_related = ("category",)
    search_fields = ("title", "slug")
    raw_id_fields = ("parent_version",)
    actions = ("publish_courses", "unpublish_courses", "feature_courses")

    def has_delete_permission(self, request, obj=None):
        """What learners did goes with a course: staff delete those without enrolments."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.enrollments.exists())


@admin.register(models.Module)
class ModuleAdmin(SecureAdminMixin, FormattedTextAdminMixin, admin.ModelAdmin):
    list_display = ("title", "course", "order", "is_published")
    list_select_related = ("course",)
    raw_id_fields = ("course",)


@admin.register(models.Lesson)
class LessonAdmin(SecureAdminMixin, FormattedTextAdminMixin, admin.ModelAdmin):
    list_display = ("title", "module", "order", "access_level", "is_free_preview")
    list_select_related = ("module",)
    raw_id_fields = ("module",)


@admin.register(
    models.Answer,
    models.Assessment,
    models.AssessmentAttempt,
    models.AttemptAnswer,
    models.Bookmark,
    models.Certificate,
    models.CourseProgress,
    models.CourseStats,
    models.Enrollment,
    models.Note,
    models.Notification,
    models.Progress,
    models.Question,
    models.Resource,
    models.Review,
    models.UserActivity,
    models.UserPreference,
    models.UserStats,
)
class RecordAdmin(SecureAdminMixin, FormattedTextAdminMixin, admin.ModelAdmin):
    """Related rows are chosen by key: a select box would list whole tables."""

    list_display = ("id", "__str__", "created_date")

    def get_raw_id_fields(self):
        return tuple(f.name for f in self.model._meta.fields if f.many_to_one or f.one_to_one)

    raw_id_fields = property(get_raw_id_fields)
