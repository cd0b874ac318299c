"""One-time tokens and sessions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from users.models import (
    MAX_SESSION_EXTENSION_HOURS,
    CustomUser,
    EmailVerification,
    PasswordReset,
    UserSession,
)


@pytest.mark.parametrize("model", [EmailVerification, PasswordReset])
def test_a_token_is_good_once(model: type[EmailVerification] | type[PasswordReset], user: CustomUser) -> None:
    token = model.objects.create(user=user)
    assert token.is_valid()

    assert token.use_token() is True

    assert not token.is_valid()
    assert model.objects.get(pk=token.pk).use_token() is False


@pytest.mark.parametrize("model", [EmailVerification, PasswordReset])
def test_an_old_token_is_worthless(
    model: type[EmailVerification] | type[PasswordReset], user: CustomUser
) -> None:
    token = model.objects.create(user=user, expires_at=timezone.now())

    assert not token.is_valid()
    assert token.use_token() is False


def test_a_session_can_be_extended_within_limits_and_ended(user: CustomUser) -> None:
    session = UserSession.objects.create(
        user=user, session_key="k", ip_address="127.0.0.1", user_agent="", expires_at=timezone.now()
    )
    assert not session.is_valid()

    session.extend_session(2)
    assert session.is_valid()
    assert session.expires_at <= timezone.now() + timedelta(hours=2)

    with pytest.raises(ValueError, match="hours"):
        session.extend_session(MAX_SESSION_EXTENSION_HOURS + 1)
    session.invalidate()
    assert not session.is_valid()
