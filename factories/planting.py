"""How a canary looks in a field of each type."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from coursegate.harness.canaries import PREFIX

FILLER = "This sentence only makes the text long enough for every minimum length."


def planted(field: Any, token: str, words: str) -> Any:
    """A value for `field` that carries `token`, or None where no value of its type can.

    Text says what it is after the token, so that a leak reads well and a cut text still gives itself away.
    """
    if isinstance(field, models.FileField):
        return ContentFile(f"{token} {words}".encode(), name=f"{token}.pdf")
    if isinstance(field, models.EmailField):
        return f"{token}@example.test"
    if isinstance(field, models.URLField):
        video = f"https://www.youtube.com/watch?v={token[:PREFIX]}"
        return video if "video" in field.name else f"https://files.example.test/{token}.pdf"
    if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
        text = f"{token} {words}. {FILLER}"
        limit = field.max_length or len(text)
        return text[:limit] if limit >= PREFIX else None
    return None
