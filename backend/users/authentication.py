"""Who may sign in, asked again on every request."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.tokens import Token

if TYPE_CHECKING:
    from .models import CustomUser


def may_sign_in(user: "CustomUser | None") -> bool:
    """Whether the account is active and neither banned nor locked out (policy 10)."""
    return user is not None and user.is_active and not user.is_account_locked()


class AccountBackend(ModelBackend):
    """Passwords, for accounts that may sign in; ends a session on the request after a ban."""

    def user_can_authenticate(self, user: Any) -> bool:
        return may_sign_in(user)


class AccountJWTAuthentication(JWTAuthentication):
    """Access tokens, refused with 401 as soon as the account is deactivated, banned or locked out.

    So is whoever sends credentials of another scheme: they mean to be somebody, and are no guest (policy 10). The
    name of the scheme is read in small and capital letters (RFC 9110 §11.1).
    """

    def get_user(self, validated_token: Token) -> Any:
        user: Any = super().get_user(validated_token)
        if not may_sign_in(user):
            raise AuthenticationFailed(_("User is inactive"), code="user_inactive")
        return user

    def get_raw_token(self, header: bytes) -> bytes | None:
        scheme, _space, rest = header.strip().partition(b" ")
        if scheme and scheme.lower() != b"bearer":
            raise AuthenticationFailed(
                _("Authorization takes a Bearer token"), code="bad_authorization_header"
            )
        return super().get_raw_token(b"Bearer " + rest if scheme else header)
