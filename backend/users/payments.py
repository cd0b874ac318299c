"""The hook that vouches for an upgrade's payment.

`settings.SUBSCRIPTION_PAYMENT_VERIFIER` names a callable `(user, tier, payment) -> PaymentReceipt` that
raises PaymentRequired when the payment does not hold; it must also see to it that a payment counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException

if TYPE_CHECKING:
    from .models import CustomUser


class PaymentRequired(APIException):
    """402: the upgrade is not paid for."""

    status_code = status.HTTP_402_PAYMENT_REQUIRED
    default_detail = _("The payment could not be verified.")
    default_code = "payment_required"


@dataclass(frozen=True)
class PaymentReceipt:
    """A payment that the provider has confirmed, and the days it buys."""

    payment_id: str
    method: str
    amount: Decimal
    days: int


def refuse_payment(user: "CustomUser", tier: str, payment: Mapping[str, Any]) -> PaymentReceipt:
    """The default: no provider is connected, so no upgrade is paid for. Always PaymentRequired, 402."""
    raise PaymentRequired


def verify_payment(user: "CustomUser", tier: str, payment: Mapping[str, Any]) -> PaymentReceipt:
    """Ask the configured verifier; PaymentRequired when it refuses."""
    verifier = import_string(settings.SUBSCRIPTION_PAYMENT_VERIFIER)
    return cast(PaymentReceipt, verifier(user, tier, payment))
