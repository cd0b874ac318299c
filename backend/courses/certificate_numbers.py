"""The certificate number: one canonical format, and the formats of numbers issued before it (MOD-03, MOD-06).

Canonical: CERT-<course id>-<user id>-<UTC time of issue, 14 digits>-<8 hex digits>, at most 50 characters.
"""

import re
import secrets
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_CERTIFICATE_NUMBER_LENGTH = 50
CANONICAL_PATTERN = re.compile(r"CERT-\d{6,10}-\d{6,10}-\d{14}-[0-9A-F]{8}", re.ASCII)
# Numbers already on people's walls: course-user-time without the random part, prefix-date-serial, prefix-
# serial.
HISTORICAL_PATTERNS = (
    re.compile(r"CERT-\d{1,10}-\d{1,10}-\d{8,14}(?:-[0-9A-Za-z]{4,12})?", re.ASCII),
    re.compile(r"[A-Z]{2,8}-\d{4,8}-[0-9A-Za-z]{4,16}", re.ASCII),
    re.compile(r"CERT-[0-9A-Fa-f]{8,32}"),
)


def generate_certificate_number(course_id: int, user_id: int, timestamp: datetime | None = None) -> str:
    """A new canonical number; the random part keeps it unguessable and unique within one second."""
    issued = (timestamp or timezone.now()).astimezone(UTC)
    return f"CERT-{course_id:06d}-{user_id:06d}-{issued:%Y%m%d%H%M%S}-{secrets.token_hex(4).upper()}"


def is_certificate_number(value: object) -> bool:
    """Whether `value` is a number in the canonical or a historical format."""
    return (
        isinstance(value, str)
        and len(value) <= MAX_CERTIFICATE_NUMBER_LENGTH
        and any(pattern.fullmatch(value) for pattern in (CANONICAL_PATTERN, *HISTORICAL_PATTERNS))
    )


def validate_certificate_number(value: object) -> None:
    """ValidationError (code invalid_certificate_number) unless `value` is a certificate number.

    Anything that is not a string is refused the same way, never with a TypeError (MOD-03).
    """
    if not is_certificate_number(value):
        raise ValidationError(_("Enter a valid certificate number."), code="invalid_certificate_number")
