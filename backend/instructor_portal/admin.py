"""Admin pages of the teaching rows."""

from courses.admin_parts import SecureAdminMixin
from django.contrib import admin

from .models import CourseInstructor


@admin.register(CourseInstructor)
class CourseInstructorAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("course", "instructor", "role", "is_lead", "is_active")
    list_filter = ("role", "is_lead", "is_active")
    search_fields = ("course__title", "instructor__email")
    autocomplete_fields = ("instructor",)
    raw_id_fields = ("course",)
    list_select_related = ("course", "instructor")
