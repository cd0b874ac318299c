"""The hook that tells whether an upgrade was paid for."""

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.exceptions import APIException


class PaymentRequired(APIException):
    status_code = 402
    default_detail = "No payment was confirmed."
    default_code = "payment_required"


def refuse_every_payment(user, data):
    """The default: nobody raises himself as long as nobody looks at the money."""
    return False


def payment_is_confirmed(user, data):
    return bool(import_string(settings.PAYMENT_VERIFIER)(user, data))
