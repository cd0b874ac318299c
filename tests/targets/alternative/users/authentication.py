"""Who may use his account now; asked when tokens are given and each time that one is shown."""

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed


def may_sign_in(user):
    """Neither closed nor banned; the rule that the token library asks for."""
    return user is not None and user.is_active and not user.is_account_locked()


class AccountAuthentication(JWTAuthentication):
    """A token is worth as much as its account: a ban counts from the next request, not from the next login."""

    def get_user(self, validated_token):
        user = super().get_user(validated_token)
        if not may_sign_in(user):
            raise AuthenticationFailed("No active account found for the given token.", code="no_active_account")
        return user
