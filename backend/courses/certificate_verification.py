"""What a certificate's number proves, remembered until the certificate is written (VIEW-11, policy 9)."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from .committed_cache import forget_one, remember_one
from .constants import CACHE_TIMEOUTS
from .models import Certificate
from .serializers.people import display_name

# One more than a number can have: a longer one is looked for too, in vain, under a key of bounded length.
LOOKED_AT = 51


def certificate_facts(number: str) -> dict[str, Any] | None:
    """The facts of the certificate with this number; None without one, at the same cost for every number."""
    number = number[:LOOKED_AT]
    return remember_one(_key(number), CACHE_TIMEOUTS["certificate"], partial(_look_up, number))


def _key(number: str) -> str:
    return f"cert_verification:{number}"


def _look_up(number: str) -> dict[str, Any] | None:
    rows = Certificate.objects.select_related("enrollment__user", "enrollment__course")
    certificate = rows.filter(certificate_number=number).first()
    if certificate is None:
        return None
    facts = {
        "is_valid": certificate.is_valid,
        "certificate_number": certificate.certificate_number,
        "issue_date": certificate.created_date,
        "course_title": certificate.enrollment.course.title,
        "student_name": display_name(certificate.enrollment.user),
        "verification_hash": certificate.verification_hash,
    }
    if not certificate.is_valid:
        facts["revocation_date"] = certificate.revocation_date
        facts["revocation_reason"] = certificate.revocation_reason
    return facts


def _on_write(instance: Certificate, **kwargs: Any) -> None:
    transaction.on_commit(partial(forget_one, _key(instance.certificate_number)))


def connect() -> None:
    """Watches certificates; called when the app is ready."""
    for signal in (post_save, post_delete):
        signal.connect(_on_write, sender=Certificate, dispatch_uid="certificate_verification")
