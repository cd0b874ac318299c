"""Tokens: given out, renewed and withdrawn; refusals all look alike."""

from typing import Any, cast

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken

from ..models import CustomUser


class AccountTokenSerializer(TokenObtainPairSerializer):
    """E-mail and password for `{access, refresh}`; 401 if they are wrong or the account may not sign in."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        tokens: dict[str, Any] = super().validate(attrs)
        self.account.record_login_attempt(successful=True, request=self.context.get("request"))
        return tokens

    @property
    def account(self) -> CustomUser:
        """Who signed in; there once the credentials were found right."""
        return cast("CustomUser", self.user)


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
        user = self.account
        return tokens | {
            "user": {"id": user.pk, "email": user.email, "username": user.username, "role": user.role}
        }


class LogoutSerializer(serializers.Serializer[dict[str, Any]]):
    """Withdraws the caller's own refresh token; 400 for a bad, used-up or foreign one."""

    refresh = serializers.CharField(write_only=True)

    @property
    def invalid_token(self) -> serializers.ValidationError:
        return serializers.ValidationError(_("The token is invalid or expired."), code="invalid_token")

    def validate_refresh(self, value: str) -> RefreshToken:
        try:
            # Annotated as taking a Token, documented as taking its text.
            token = RefreshToken(cast("Any", value))
        except TokenError:
            raise self.invalid_token from None
        if str(token.get(api_settings.USER_ID_CLAIM)) != str(self.context["request"].user.pk):
            raise self.invalid_token
        return token

    def save(self, **kwargs: Any) -> None:  # type: ignore[override]  # nothing is made, a token is withdrawn
        self.validated_data["refresh"].blacklist()
