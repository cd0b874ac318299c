"""Administration of accounts."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from courses.admin import SecureAdminMixin

from .models import CustomUser, EmailVerification, LoginLog, PasswordReset, Profile, Subscription, UserSession


@admin.register(CustomUser)
class CustomUserAdmin(SecureAdminMixin, UserAdmin):
    list_display = ("email", "username", "role", "is_active", "is_staff")
    ordering = ("email",)
    fieldsets = (
        *UserAdmin.fieldsets,
        ("EduCore", {"fields": ("role", "is_email_verified", "failed_login_attempts", "ban_expires_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "username", "role", "password1", "password2")}),)

    def get_form(self, request, obj=None, **kwargs):
        """Rights, roles and standing are given by superusers alone: others would give them to themselves."""
        form = super().get_form(request, obj, **kwargs)
        if not request.user.is_superuser:
            for name in ("is_superuser", "is_staff", "groups", "user_permissions", "role"):
                if name in form.base_fields:
                    form.base_fields[name].disabled = True
        return form


@admin.register(EmailVerification, LoginLog, PasswordReset, Profile, UserSession)
class AccountRecordAdmin(SecureAdminMixin, admin.ModelAdmin):
    list_display = ("__str__",)
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(Subscription)
class SubscriptionAdmin(AccountRecordAdmin):
    """What is paid for comes from payments; superusers alone set it by hand."""

    def get_readonly_fields(self, request, obj=None):
        return () if request.user.is_superuser else ("user", "tier", "status", "start_date", "end_date")

    def has_add_permission(self, request):
        return request.user.is_superuser
