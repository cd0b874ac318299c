"""Unique, readable slugs that fit their column (MOD-04)."""

import uuid
from typing import Any

from django.db import models
from django.utils.text import slugify

HIGHEST_SUFFIX = 1000
_BATCH = 100


def generate_unique_slug(
    title: str,
    model_class: type[models.Model],
    max_length: int | None = None,
    slug_field: str = "slug",
    instance: models.Model | None = None,
) -> str:
    """The slugified title, or the first of title-1, title-2 ... that no other row has and no route takes.

    Each candidate is cut to fit the column with its suffix. Another writer may still take it before it is
    saved: the model's save() retries on IntegrityError (MOD-07).
    """
    field: Any = model_class._meta.get_field(slug_field)
    limit = min(max_length or field.max_length, field.max_length)
    base = slugify(title) or f"{model_class._meta.model_name}-{uuid.uuid4().hex[:8]}"
    others = model_class._default_manager.exclude(pk=instance.pk if instance else None)

    plain = _fit(base, "", limit)
    reserved = getattr(model_class, "reserved_slugs", ())
    if plain not in reserved and not others.filter(**{slug_field: plain}).exists():
        return plain
    for first in range(1, HIGHEST_SUFFIX + 1, _BATCH):
        candidates = [_fit(base, f"-{number}", limit) for number in range(first, first + _BATCH)]
        taken = set(others.filter(**{f"{slug_field}__in": candidates}).values_list(slug_field, flat=True))
        if free := next((candidate for candidate in candidates if candidate not in taken), None):
            return free
    return _fit(base, f"-{uuid.uuid4().hex[:8]}", limit)


def _fit(base: str, suffix: str, limit: int) -> str:
    return base[: limit - len(suffix)].rstrip("-_") + suffix
