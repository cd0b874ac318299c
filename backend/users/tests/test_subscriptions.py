"""The subscription: what changes the tier, what does not, and that it counts from the next request on."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from courses.validation import get_unified_user_access_level
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from users.models import CustomUser, Subscription
from users.payments import PaymentReceipt

SUBSCRIPTION = "/api/user/subscription/"
pytestmark = pytest.mark.django_db(transaction=True)


def accept_payment(user: CustomUser, tier: str, payment: Mapping[str, Any]) -> PaymentReceipt:
    """A verifier that trusts everybody."""
    return PaymentReceipt(payment_id="p-1", method="card", amount=Decimal("9.90"), days=30)


def make_premium(user: CustomUser, **values: Any) -> Subscription:
    subscription = Subscription.create_for_user(user, "premium")
    for name, value in values.items():
        setattr(subscription, name, value)
    subscription.save()
    assert get_unified_user_access_level(user) == "premium"
    return subscription


def test_an_upgrade_is_refused_without_a_verified_payment(
    client_of_user: APIClient, user: CustomUser
) -> None:
    answer = client_of_user.post(f"{SUBSCRIPTION}upgrade/", {"tier": "premium", "payment_method": "demo"})

    assert answer.status_code == 402, answer.content
    assert get_unified_user_access_level(user) == "registered"


def test_a_verified_payment_upgrades_at_once(
    client_of_user: APIClient, user: CustomUser, settings: Any
) -> None:
    settings.SUBSCRIPTION_PAYMENT_VERIFIER = f"{__name__}.accept_payment"
    assert get_unified_user_access_level(user) == "registered"

    answer = client_of_user.post(f"{SUBSCRIPTION}upgrade/", {})

    assert (answer.status_code, answer.data["tier"], answer.data["days_remaining"]) == (200, "premium", 29)
    assert get_unified_user_access_level(user) == "premium"


def test_paying_early_keeps_the_days_that_are_left(
    client_of_user: APIClient, user: CustomUser, settings: Any
) -> None:
    settings.SUBSCRIPTION_PAYMENT_VERIFIER = f"{__name__}.accept_payment"
    end = make_premium(user).end_date
    assert end is not None

    assert client_of_user.post(f"{SUBSCRIPTION}upgrade/", {}).status_code == 200
    assert Subscription.objects.get(user=user).end_date == end + timedelta(days=30)

    Subscription.objects.get(user=user).cancel_subscription()
    assert client_of_user.post(f"{SUBSCRIPTION}upgrade/", {}).data["days_remaining"] == 29


@pytest.mark.parametrize("tier", ["registered", "enterprise", "", None, ["premium"]])
def test_only_premium_can_be_asked_for(tier: Any, client_of_user: APIClient) -> None:
    assert client_of_user.post(f"{SUBSCRIPTION}upgrade/", {"tier": tier}).status_code == 400


@pytest.mark.parametrize(("way", "status"), [("downgrade", "active"), ("cancel", "cancelled")])
def test_leaving_premium_counts_from_the_next_request_on(
    way: str, status: str, client_of_user: APIClient, user: CustomUser
) -> None:
    make_premium(user)

    answer = client_of_user.post(f"{SUBSCRIPTION}{way}/")

    assert (answer.status_code, answer.data["status"]) == (200, status)
    assert get_unified_user_access_level(user) == "registered"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_tier_status_and_end_cannot_be_written(
    method: str, client_of_user: APIClient, user: CustomUser
) -> None:
    path = f"{SUBSCRIPTION}{user.subscription.pk}/"
    wishes = {"tier": "premium", "status": "active", "end_date": "2099-01-01T00:00:00Z", "user": 1}

    answer = getattr(client_of_user, method)(path, wishes | {"is_auto_renew": True})

    assert answer.status_code == 200, answer.content
    row = Subscription.objects.get(user=user)
    assert (row.tier, row.status, row.end_date, row.is_auto_renew) == ("registered", "active", None, True)


@pytest.mark.parametrize("is_staff", [False, True], ids=["learner", "staff"])
def test_nobody_reads_or_writes_somebody_elses(
    is_staff: bool, make_user: Callable[..., CustomUser], sign_in: Callable[[CustomUser], APIClient]
) -> None:
    other = make_user("berta")
    client = sign_in(make_user("clara", is_staff=is_staff))
    path = f"{SUBSCRIPTION}{other.subscription.pk}/"

    codes = [getattr(client, verb)(path).status_code for verb in ("get", "put", "patch", "delete")]

    assert codes == [404] * 4
    assert [row["id"] for row in client.get(SUBSCRIPTION).data] == [
        Subscription.objects.get(user__username="clara").pk
    ]


def test_deleting_is_cancelling(client_of_user: APIClient, user: CustomUser) -> None:
    subscription = make_premium(user)

    assert client_of_user.delete(f"{SUBSCRIPTION}{subscription.pk}/").status_code == 200

    subscription.refresh_from_db()
    assert subscription.status == "cancelled"
    assert get_unified_user_access_level(user) == "registered"


def test_creating_restarts_the_free_tier_and_nothing_else(
    client_of_user: APIClient, user: CustomUser
) -> None:
    wish = {"tier": "premium", "status": "active"}
    assert client_of_user.post(SUBSCRIPTION, wish).status_code == 400
    make_premium(user).cancel_subscription()

    answer = client_of_user.post(SUBSCRIPTION, wish)

    assert (answer.status_code, answer.data["tier"], answer.data["status"]) == (201, "registered", "active")
    assert get_unified_user_access_level(user) == "registered"


def test_without_a_row_the_level_is_registered_and_a_row_can_be_made(
    client_of_user: APIClient, user: CustomUser
) -> None:
    make_premium(user)
    user.subscription.delete()

    assert get_unified_user_access_level(user) == "registered"
    assert client_of_user.get(f"{SUBSCRIPTION}current/").status_code == 404
    assert client_of_user.post(f"{SUBSCRIPTION}downgrade/").status_code == 404
    assert client_of_user.post(SUBSCRIPTION, {}).status_code == 201
    assert client_of_user.get(f"{SUBSCRIPTION}current/").data["tier"] == "registered"


def test_everything_needs_a_token(anybody: APIClient) -> None:
    paths = [SUBSCRIPTION, f"{SUBSCRIPTION}current/", f"{SUBSCRIPTION}1/"]
    actions = [f"{SUBSCRIPTION}{name}/" for name in ("upgrade", "downgrade", "cancel")]

    codes = [anybody.get(path).status_code for path in paths]
    codes += [anybody.post(path).status_code for path in actions]

    assert codes == [401] * 6


def test_a_cached_level_does_not_outlive_the_subscription(
    user: CustomUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = make_premium(user).end_date
    assert end is not None
    assert cache.get(f"access_level:{user.pk}")["level"] == "premium"

    monkeypatch.setattr(timezone, "now", lambda: end)

    assert get_unified_user_access_level(user) == "registered"


@pytest.mark.parametrize("write", ["save", "update", "bulk_update", "delete"])
def test_every_way_to_write_the_row_evicts_the_level(write: str, user: CustomUser) -> None:
    subscription = make_premium(user)
    rows = Subscription.objects.filter(pk=subscription.pk)
    subscription.status = "expired"

    if write == "save":
        subscription.save()
    elif write == "update":
        rows.update(status="expired")
    elif write == "bulk_update":
        Subscription.objects.bulk_update([subscription], ["status"])
    else:
        rows.delete()

    assert get_unified_user_access_level(user) == "registered"


def test_a_level_computed_before_a_change_is_not_stored_after_it(
    user: CustomUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from courses import access_levels

    make_premium(user)
    cache.clear()
    read = access_levels._stored_subscription

    def read_then_cancel(reader: CustomUser) -> Subscription:
        row: Subscription = read(reader)
        Subscription.objects.get(pk=row.pk).cancel_subscription()
        return row

    monkeypatch.setattr(access_levels, "_stored_subscription", read_then_cancel)
    get_unified_user_access_level(user)
    monkeypatch.undo()

    assert get_unified_user_access_level(user) == "registered"


def test_extending_adds_to_what_is_left(user: CustomUser) -> None:
    subscription = make_premium(user)
    end = subscription.end_date
    assert end is not None

    subscription.extend_subscription(5)

    assert subscription.end_date == end + timedelta(days=5)
    with pytest.raises(ValueError, match="one day"):
        subscription.extend_subscription(0)
