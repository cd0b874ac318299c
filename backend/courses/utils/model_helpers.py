"""Short forms for the fields and constraints that the models repeat."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from ..validators import MAX_LIST_ITEMS, JSONListValidator, MinStrLenValidator


def create_meta_indexes(*base_metas: Any) -> list[models.Index]:
    """The indexes of several (abstract) Meta classes in one list."""
    return [index for meta in base_metas for index in getattr(meta, "indexes", ())]


def create_char_field(
    max_length: int = 255,
    min_len: int | None = None,
    blank: bool = False,
    null: bool = False,
    unique: bool = False,
    choices: Any = None,
    default: Any = models.NOT_PROVIDED,
    help_text: str = "",
    **kwargs: Any,
) -> "models.CharField[Any, Any]":
    """A CharField; `min_len` installs a MinStrLenValidator (VAL-01)."""
    validate_model_field_params(max_length=max_length, min_len=min_len)
    return models.CharField(
        max_length=max_length,
        validators=_validators(min_len, kwargs),
        blank=blank,
        null=null,
        unique=unique,
        choices=choices,
        default=default,
        help_text=help_text,
        **kwargs,
    )


def create_text_field(
    min_len: int | None = None,
    blank: bool = False,
    null: bool = False,
    default: Any = models.NOT_PROVIDED,
    help_text: str = "",
    **kwargs: Any,
) -> "models.TextField[Any, Any]":
    """A TextField; `min_len` installs a MinStrLenValidator (VAL-01)."""
    validate_model_field_params(min_len=min_len)
    return models.TextField(
        validators=_validators(min_len, kwargs),
        blank=blank,
        null=null,
        default=default,
        help_text=help_text,
        **kwargs,
    )


def create_json_field(
    max_items: int = MAX_LIST_ITEMS,
    min_str_len: int = 1,
    blank: bool = True,
    null: bool = False,
    default: Callable[[], Any] = list,
    help_text: str = "",
    **kwargs: Any,
) -> "models.JSONField[Any, Any]":
    """A JSONField that holds a list of texts."""
    validators = [*kwargs.pop("validators", ()), JSONListValidator(max_items, min_str_len)]
    return models.JSONField(
        validators=validators, blank=blank, null=null, default=default, help_text=help_text, **kwargs
    )


def create_foreign_key(
    to: str | type[models.Model],
    related_name: str | None = None,
    on_delete: Any = models.CASCADE,
    help_text: str = "",
    **kwargs: Any,
) -> "models.ForeignKey[Any, Any]":
    """A ForeignKey that cascades unless told otherwise."""
    return models.ForeignKey(
        to, on_delete=on_delete, related_name=related_name, help_text=help_text, **kwargs
    )


def create_decimal_field(
    max_digits: int,
    decimal_places: int,
    default: Any = models.NOT_PROVIDED,
    help_text: str = "",
    validators: Sequence[Any] = (),
    **kwargs: Any,
) -> "models.DecimalField[Any, Any]":
    """A DecimalField."""
    validate_model_field_params(max_digits=max_digits, decimal_places=decimal_places)
    return models.DecimalField(
        max_digits=max_digits,
        decimal_places=decimal_places,
        default=default,
        help_text=help_text,
        validators=validators,
        **kwargs,
    )


def create_check_constraint(
    condition: models.Q, name: str, violation_error_message: str | None = None
) -> models.CheckConstraint:
    """A CheckConstraint."""
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=violation_error_message
    )


def create_unique_constraint(
    fields: Sequence[str],
    name: str,
    condition: models.Q | None = None,
    violation_error_message: str | None = None,
) -> models.UniqueConstraint:
    """A UniqueConstraint, partial with `condition`."""
    return models.UniqueConstraint(
        fields=list(fields), name=name, condition=condition, violation_error_message=violation_error_message
    )


def create_index(
    fields: Sequence[str],
    name: str | None = None,
    condition: models.Q | None = None,
    db_tablespace: str | None = None,
) -> models.Index:
    """An Index, partial with `condition`, which needs a name."""
    return models.Index(fields=list(fields), name=name, condition=condition, db_tablespace=db_tablespace)


def validate_model_field_params(**field_params: Any) -> None:
    """ValueError for parameters no column can have.

    Lengths below 1, a minimum above the maximum, too many decimals.
    """
    given = {name: value for name, value in field_params.items() if value is not None}
    for name in ("max_length", "min_len", "max_digits"):
        if given.get(name, 1) < 1:
            raise ValueError(f"{name} must be at least 1, not {given[name]}")
    for smaller, larger in (("min_len", "max_length"), ("decimal_places", "max_digits")):
        if smaller in given and larger in given and given[smaller] > given[larger]:
            raise ValueError(f"{smaller} must not exceed {larger}")


def _validators(min_len: int | None, kwargs: dict[str, Any]) -> list[Any]:
    given = list(kwargs.pop("validators", ()))
    return [*given, MinStrLenValidator(min_len)] if min_len else given


__all__ = [
    "create_char_field",
    "create_check_constraint",
    "create_decimal_field",
    "create_foreign_key",
    "create_index",
    "create_json_field",
    "create_meta_indexes",
    "create_text_field",
    "create_unique_constraint",
    "validate_model_field_params",
]
