"""Registration and the account's own page: what its owner can and cannot write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from users.models import CustomUser, Subscription

from .conftest import PASSWORD

REGISTER = "/api/user/auth/register/"
ME = "/api/user/profile/me/"
NEWCOMER = {"email": "Carla@Example.org", "username": "carla", "password": PASSWORD}


def test_a_new_account_is_a_student_on_the_free_tier(anybody: APIClient, db: None) -> None:
    wishes = {
        "role": "instructor",
        "is_staff": True,
        "is_superuser": True,
        "subscription": {"tier": "premium"},
    }

    answer = anybody.post(REGISTER, NEWCOMER | wishes)

    assert answer.status_code == 201, answer.content
    assert set(answer.data) == {"id", "email", "username", "first_name", "last_name"}
    account = CustomUser.objects.get(pk=answer.data["id"])
    assert (account.email, account.role, account.is_staff, account.is_superuser) == (
        "carla@example.org",
        "student",
        False,
        False,
    )
    assert (account.subscription.tier, account.subscription.status) == ("registered", "active")
    assert account.profile is not None
    assert anybody.post("/api/token/", {"email": NEWCOMER["email"], "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a'b@example.org"),
        ("email", "Anna@EXAMPLE.org"),
        ("username", "ab"),
        ("username", "with blank"),
        ("username", "ANNA"),
        ("username", "Admin"),
        ("password", "short"),
        ("password", "password123456"),
        ("password", "1029384756102"),
        ("password", "carla@example.org"),
        ("password", "nul\x00 in the middle"),
    ],
)
def test_registration_refuses_what_no_account_may_have(
    field: str, value: str, user: CustomUser, anybody: APIClient
) -> None:
    answer = anybody.post(REGISTER, NEWCOMER | {field: value})

    assert answer.status_code == 400, answer.content
    assert field in answer.data
    assert CustomUser.objects.count() == 1


def test_registration_is_limited(anybody: APIClient, db: None, settings: Any) -> None:
    rates = {"anon": "100/day", "register": "1/hour"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    codes = [anybody.post(REGISTER, {}).status_code for _attempt in range(2)]

    assert codes == [400, 429]


def test_the_page_is_for_its_owner(client_of_user: APIClient, user: CustomUser, anybody: APIClient) -> None:
    assert anybody.get(ME).status_code == 401

    answer = client_of_user.get(ME)

    assert (answer.data["email"], answer.data["subscription"]["tier"]) == (user.email, "registered")
    assert "password" not in answer.data


@pytest.mark.parametrize("method", ["put", "patch"])
def test_names_and_profile_can_be_written(method: str, client_of_user: APIClient, user: CustomUser) -> None:
    body = {"first_name": "Anna", "profile": {"bio": "<b>R&D</b><script>x</script>", "city": "Pune"}}

    answer = getattr(client_of_user, method)(ME, body)

    assert answer.status_code == 200, answer.content
    user.refresh_from_db()
    assert (user.first_name, user.profile.city) == ("Anna", "Pune")
    assert user.profile.bio == answer.data["profile"]["bio"] == "R&Dx"


def test_role_tier_and_flags_cannot_be_written(client_of_user: APIClient, user: CustomUser) -> None:
    before = CustomUser.objects.values().get(pk=user.pk)
    subscription = {"tier": "premium", "status": "active", "end_date": None}
    wishes = {
        "role": "instructor",
        "is_staff": True,
        "is_superuser": True,
        "is_active": False,
        "is_email_verified": True,
        "email": "other@example.org",
        "subscription": subscription,
        "profile": {"user": 1},
    }

    assert client_of_user.patch(ME, wishes).status_code == 200

    assert CustomUser.objects.values().get(pk=user.pk) == before
    user.refresh_from_db()
    assert user.subscription.tier == "registered"


def test_other_people_know_a_name_never_an_address(make_user: Callable[..., CustomUser]) -> None:
    assert make_user("dora").get_full_name() == "dora"
    assert make_user("emil", first_name="Emil", last_name="Erpel").get_full_name() == "Emil Erpel"


def test_the_database_refuses_malformed_addresses(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomUser.objects.create_user("not an address", "frida")


@pytest.mark.parametrize(
    ("model", "needs_object"),
    [
        ("customuser", True),
        ("subscription", True),
        ("profile", True),
        ("loginlog", False),
        ("emailverification", False),
        ("passwordreset", False),
        ("usersession", False),
    ],
)
def test_admin_pages_open(model: str, needs_object: bool, client: Any, db: None) -> None:
    boss = CustomUser.objects.create_superuser("boss@example.org", "boss", PASSWORD)
    client.force_login(boss)
    paths = [f"/admin/users/{model}/", f"/admin/users/{model}/add/"]
    if needs_object:
        row = boss if model == "customuser" else getattr(boss, model)
        paths.append(f"/admin/users/{model}/{row.pk}/change/")

    assert [client.get(path).status_code for path in paths] == [200] * len(paths)


@pytest.mark.parametrize("who", ["clerk", "learner"])
def test_staff_give_a_paid_subscription_to_others_only(who: str, client: Any, db: None) -> None:
    clerk = CustomUser.objects.create_user("clerk@example.org", "clerk", PASSWORD, is_staff=True)
    learner = CustomUser.objects.create_user("learner@example.org", "learner", PASSWORD)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="subscription"))
    user = {"clerk": clerk, "learner": learner}[who]
    Subscription.objects.filter(user=user).delete()
    client.force_login(clerk)

    form = {"user": user.pk, "tier": "premium", "status": "active"}
    client.post("/admin/users/subscription/add/", form)

    assert Subscription.objects.filter(user=user).exists() == (who == "learner")


def test_staff_delete_no_superuser_and_nobody_in_bulk(client: Any, db: None) -> None:
    boss = CustomUser.objects.create_superuser("boss@example.org", "boss", PASSWORD)
    clerk = CustomUser.objects.create_user("clerk@example.org", "clerk", PASSWORD, is_staff=True)
    learner = CustomUser.objects.create_user("learner@example.org", "learner", PASSWORD)
    clerk.user_permissions.set(Permission.objects.all())
    client.force_login(clerk)
    page = "/admin/users/customuser/"

    assert client.post(f"{page}{boss.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "index": 0, "_selected_action": [learner.pk], "post": "yes"}
    client.post(page, bulk)
    assert CustomUser.objects.count() == 3

    assert client.post(f"{page}{learner.pk}/delete/", {"post": "yes"}).status_code == 302
    assert CustomUser.objects.count() == 2
