"""Tokens: who gets them, and when they stop to count."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from users.models import LOCKOUT_THRESHOLD, CustomUser

from .conftest import PASSWORD

ME = "/api/user/profile/me/"

BARRED = {
    "deactivated": {"is_active": False},
    "banned": {"ban_expires_at": timezone.now() + timedelta(days=1)},
}


@pytest.mark.parametrize("path", ["/api/token/", "/api/user/auth/token/", "/api/user/auth/login/"])
def test_right_credentials_give_a_working_pair(path: str, user: CustomUser, anybody: APIClient) -> None:
    answer = anybody.post(path, {"email": user.email, "password": PASSWORD})

    assert answer.status_code == 200, answer.content
    anybody.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.data['access']}")
    assert anybody.get(ME).data["id"] == user.pk


def test_the_address_may_be_typed_in_capitals(user: CustomUser, anybody: APIClient) -> None:
    answer = anybody.post("/api/token/", {"email": user.email.upper(), "password": PASSWORD})

    assert answer.status_code == 200, answer.content


def test_wrong_password_and_unknown_address_look_alike(user: CustomUser, anybody: APIClient) -> None:
    wrong = anybody.post("/api/token/", {"email": user.email, "password": "wrong"})
    unknown = anybody.post("/api/token/", {"email": "nobody@example.org", "password": PASSWORD})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.data == unknown.data


@pytest.mark.parametrize("values", BARRED.values(), ids=BARRED)
@pytest.mark.parametrize("path", ["/api/token/", "/api/user/auth/login/"])
def test_barred_accounts_get_no_token(
    values: dict[str, object], path: str, make_user: Callable[..., CustomUser], anybody: APIClient
) -> None:
    account = make_user(**values)

    assert anybody.post(path, {"email": account.email, "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize("values", BARRED.values(), ids=BARRED)
def test_tokens_stop_to_count_when_the_account_is_barred(
    values: dict[str, object], user: CustomUser, anybody: APIClient
) -> None:
    pair = anybody.post("/api/token/", {"email": user.email, "password": PASSWORD}).data
    anybody.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    assert anybody.get(ME).status_code == 200

    CustomUser.objects.filter(pk=user.pk).update(**values)

    assert anybody.get(ME).status_code == 401
    assert APIClient().post("/api/token/refresh/", {"refresh": pair["refresh"]}).status_code == 401


def test_an_ended_ban_bars_nobody(make_user: Callable[..., CustomUser], anybody: APIClient) -> None:
    account = make_user(ban_expires_at=timezone.now() - timedelta(seconds=1))

    assert anybody.post("/api/token/", {"email": account.email, "password": PASSWORD}).status_code == 200


def test_failures_lock_the_account_and_unlocking_opens_it(user: CustomUser, anybody: APIClient) -> None:
    for _attempt in range(LOCKOUT_THRESHOLD):
        anybody.post("/api/token/", {"email": user.email, "password": "wrong"})
    assert anybody.post("/api/token/", {"email": user.email, "password": PASSWORD}).status_code == 401

    user.refresh_from_db()
    assert user.is_account_locked()
    assert user.login_logs.filter(successful=False).count() == LOCKOUT_THRESHOLD + 1

    user.unlock_account()
    assert anybody.post("/api/token/", {"email": user.email, "password": PASSWORD}).status_code == 200


def test_attempts_during_a_lockout_do_not_prolong_it(user: CustomUser) -> None:
    for _attempt in range(LOCKOUT_THRESHOLD):
        user.record_login_attempt(successful=False)
    end = user.ban_expires_at

    user.record_login_attempt(successful=False)

    user.refresh_from_db()
    assert user.ban_expires_at == end
    assert user.failed_login_attempts == LOCKOUT_THRESHOLD


def test_a_success_forgets_the_failures(user: CustomUser, anybody: APIClient) -> None:
    user.record_login_attempt(successful=False)

    anybody.post("/api/token/", {"email": user.email, "password": PASSWORD})

    user.refresh_from_db()
    assert user.failed_login_attempts == 0
    assert user.last_login is not None


def test_refreshing_for_a_deleted_account_is_401(user: CustomUser, anybody: APIClient) -> None:
    refresh = anybody.post("/api/token/", {"email": user.email, "password": PASSWORD}).data["refresh"]
    user.delete()

    assert anybody.post("/api/token/refresh/", {"refresh": refresh}).status_code == 401


def test_logout_withdraws_the_refresh_token(user: CustomUser, client_of_user: APIClient) -> None:
    refresh = APIClient().post("/api/token/", {"email": user.email, "password": PASSWORD}).data["refresh"]
    assert APIClient().post("/api/token/refresh/", {"refresh": refresh}).status_code == 200

    assert client_of_user.post("/api/user/auth/logout/", {"refresh": refresh}).status_code == 200

    assert APIClient().post("/api/token/refresh/", {"refresh": refresh}).status_code == 401
    assert client_of_user.post("/api/user/auth/logout/", {"refresh": refresh}).status_code == 400


def test_nobody_signs_out_somebody_else(
    make_user: Callable[..., CustomUser], client_of_user: APIClient, anybody: APIClient
) -> None:
    other = make_user("berta")
    refresh = anybody.post("/api/token/", {"email": other.email, "password": PASSWORD}).data["refresh"]

    assert client_of_user.post("/api/user/auth/logout/", {"refresh": refresh}).status_code == 400
    assert anybody.post("/api/token/refresh/", {"refresh": refresh}).status_code == 200


def test_login_is_limited_by_address(user: CustomUser, anybody: APIClient, settings: object) -> None:
    settings.REST_FRAMEWORK = {  # type: ignore[attr-defined]
        **settings.REST_FRAMEWORK,  # type: ignore[attr-defined]
        "DEFAULT_THROTTLE_RATES": {"login": "2/hour"},
    }
    credentials = {"email": user.email, "password": PASSWORD}

    codes = [anybody.post("/api/user/auth/login/", credentials).status_code for _attempt in range(3)]
    limited = anybody.post("/api/user/auth/login/", credentials, HTTP_X_FORWARDED_FOR="203.0.113.9")

    assert codes == [200, 200, 429]
    assert limited.status_code == 429, "a made-up X-Forwarded-For must not open a new budget"
    assert int(limited["Retry-After"]) > 0


@pytest.mark.parametrize("credentials", ["Bearer nonsense", "bearer nonsense", "Basic YTpi", "nonsense"])
def test_a_bad_token_is_refused_also_where_none_is_needed(
    credentials: str, anybody: APIClient, db: None
) -> None:
    anybody.credentials(HTTP_AUTHORIZATION=credentials)

    assert anybody.post("/api/user/auth/register/", {}).status_code == 401
