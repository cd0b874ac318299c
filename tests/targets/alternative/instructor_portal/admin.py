"""Administration of teaching assignments."""

from django.contrib import admin

from courses.admin import SecureAdminMixin

from .models import CourseInstructor


@admin.register(CourseInstructor)
class CourseInstructorAdmin(SecureAdminMixin, admin.ModelAdmin):
    list_display = ("course", "instructor", "role", "is_lead", "is_active")
    list_select_related = ("course", "instructor")
    raw_id_fields = ("course", "instructor")
