"""Hashes and identifiers that nobody can guess."""

import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def generate_verification_hash(
    certificate_number: str, enrollment_id: int | None = None, issue_date: datetime | None = None
) -> str:
    """64 hex digits over the certificate's facts, keyed with the server's secret.

    Nobody else can make one.
    """
    facts = "|".join(
        [
            certificate_number,
            str(enrollment_id or ""),
            issue_date.isoformat() if issue_date is not None else "",
        ]
    )
    return salted_hmac("courses.certificate", facts, algorithm="sha256").hexdigest()


def generate_unique_identifier(prefix: str = "", length: int = 12) -> str:
    """`length` random characters that are hard to confuse, after `prefix-` when there is one."""
    identifier = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return f"{prefix}-{identifier}" if prefix else identifier
