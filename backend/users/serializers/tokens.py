"""Tokens: given out, renewed and withdrawn; refusals all look alike."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken


class AccountTokenSerializer(TokenObtainPairSerializer):
    """E-mail and password for `{access, refresh}`; 401 if they are wrong or the account may not sign in."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        tokens: dict[str, Any] = super().validate(attrs)
        self.user.record_login_attempt(successful=True, request=self.context.get("request"))
        return tokens


class AccountTokenRefreshSerializer(TokenRefreshSerializer):
    """A new access token; 401 once the account is deactivated, banned, locked out or gone."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            tokens: dict[str, Any] = super().validate(attrs)
        except ObjectDoesNotExist:
            raise AuthenticationFailed(
                self.error_messages["no_active_account"], "no_active_account"
            ) from None
        return tokens


class LoginSerializer(AccountTokenSerializer):
    """The token pair, and who signed in."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        tokens = super().validate(attrs)
        user = self.user
        return tokens | {
            "user": {"id": user.pk, "email": user.email, "username": user.username, "role": user.role}
        }


class LogoutSerializer(serializers.Serializer[dict[str, Any]]):
    """Withdraws the caller's own refresh token; 400 for a bad, used-up or foreign one."""

    refresh = serializers.CharField(write_only=True)

    def validate_refresh(self, value: str) -> RefreshToken:
        try:
            token = RefreshToken(value)
        except TokenError:
            token = None
        if token is None or str(token.get(api_settings.USER_ID_CLAIM)) != str(
            self.context["request"].user.pk
        ):
            raise serializers.ValidationError(_("The token is invalid or expired."), code="invalid_token")
        return token

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]  # nothing is made, a token is withdrawn
        self.validated_data["refresh"].blacklist()
