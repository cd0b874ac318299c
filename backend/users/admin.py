"""Admin pages of accounts and subscriptions. Secrets (tokens, session keys) are on none of them."""

from typing import Any

from courses.admin_parts import SecureAdminMixin
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import models
from django.http import HttpRequest

from .models import CustomUser, EmailVerification, LoginLog, PasswordReset, Profile, Subscription, UserSession

# What makes more of an account than it was: nobody gives it to themselves (policy 2).
RAISING = ("role", "is_staff", "is_superuser", "groups", "user_permissions")


class AccountCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = CustomUser
        fields = ("email", "username")


@admin.register(CustomUser)
class CustomUserAdmin(SecureAdminMixin, UserAdmin):  # type: ignore[type-arg]
    add_form = AccountCreationForm
    ordering = ("email",)
    list_display = ("email", "username", "role", "is_active", "is_staff", "ban_expires_at")
    list_filter = ("role", "is_active", "is_staff", "is_superuser")
    fieldsets = (
        (None, {"fields": ("email", "username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "is_email_verified")}),
        (
            "Access",
            {"fields": ("role", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Sign-in", {"fields": ("failed_login_attempts", "ban_expires_at", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "username", "usable_password", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: CustomUser | None = None) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *RAISING)

    def has_change_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        """Superusers' accounts are theirs: whoever sets their password is one of them."""
        return not self._is_above(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: CustomUser | None = None) -> bool:
        return not self._is_above(request, obj) and super().has_delete_permission(request, obj)

    def _is_above(self, request: HttpRequest, obj: CustomUser | None) -> bool:
        return obj is not None and obj.is_superuser and not request.user.is_superuser


@admin.register(Subscription)
class SubscriptionAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "tier", "status", "start_date", "end_date")
    list_filter = ("tier", "status")
    search_fields = ("user__email",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        """Nobody sets their own tier, but for superusers (policy 2)."""
        is_own = obj is not None and obj.user_id == request.user.pk and not request.user.is_superuser
        return not is_own and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Nor does anybody add one for themselves, or move that of somebody else to them."""
        if not request.user.is_superuser:
            kwargs["queryset"] = CustomUser.objects.exclude(models.Q(pk=request.user.pk))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Profile)
class ProfileAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "city", "country")
    search_fields = ("user__email",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


@admin.register(LoginLog)
class LoginLogAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "timestamp", "ip_address", "successful")
    list_filter = ("successful",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


@admin.register(EmailVerification, PasswordReset)
class OneTimeTokenAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "created_at", "expires_at", "is_used")
    exclude = ("token",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)


@admin.register(UserSession)
class UserSessionAdmin(SecureAdminMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "created_at", "expires_at", "is_active", "device_type")
    exclude = ("session_key",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)
