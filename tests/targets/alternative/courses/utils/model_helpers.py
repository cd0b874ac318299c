"""Shorthand for model fields and constraints."""

from django.db import models

from ..validators import JSONListValidator, MinStrLenValidator


def create_meta_indexes(*base_metas):
    """All indexes of several Meta classes, in order."""
    return [index for meta in base_metas for index in getattr(meta, "indexes", [])]


def _with_min_len(kwargs, min_len):
    validators = list(kwargs.pop("validators", []))
    return [*validators, MinStrLenValidator(min_len)] if min_len else validators


def create_char_field(
    max_length=255,
    min_len=None,
    blank=False,
    null=False,
    unique=False,
    choices=None,
    default="",
    help_text="",
    **kwargs,
):
    validators = _with_min_len(kwargs, min_len)
    return models.CharField(
        max_length=max_length,
        blank=blank,
        null=null,
        unique=unique,
        choices=choices,
        default=default,
        help_text=help_text,
        validators=validators,
        **kwargs,
    )


def create_text_field(min_len=None, blank=True, null=False, default="", help_text="", **kwargs):
    validators = _with_min_len(kwargs, min_len)
    return models.TextField(
        blank=blank, null=null, default=default, help_text=help_text, validators=validators, **kwargs
    )


def create_json_field(max_items=50, min_str_len=1, blank=True, null=False, default=list, help_text="", **kwargs):
    validators = [*kwargs.pop("validators", []), JSONListValidator(max_items, min_str_len)]
    return models.JSONField(
        blank=blank, null=null, default=default, help_text=help_text, validators=validators, **kwargs
    )


def create_foreign_key(to, related_name=None, on_delete=models.CASCADE, help_text="", **kwargs):
    return models.ForeignKey(to, related_name=related_name, on_delete=on_delete, help_text=help_text, **kwargs)


def create_decimal_field(max_digits, decimal_places, default=None, help_text="", validators=None, **kwargs):
    return models.DecimalField(
        max_digits=max_digits,
        decimal_places=decimal_places,
        default=default,
        help_text=help_text,
        validators=validators or [],
        **kwargs,
    )


def create_check_constraint(condition, name, violation_error_message=None):
    extra = {"violation_error_message": violation_error_message} if violation_error_message else {}
    return models.CheckConstraint(condition=condition, name=name, **extra)


def create_unique_constraint(fields, name, condition=None, violation_error_message=None):
    extra = {"violation_error_message": violation_error_message} if violation_error_message else {}
    return models.UniqueConstraint(fields=list(fields), name=name, condition=condition, **extra)


def create_index(fields, name=None, condition=None, db_tablespace=None):
    return models.Index(fields=list(fields), name=name, condition=condition, db_tablespace=db_tablespace)


def validate_model_field_params(**field_params):
    """Refuse combinations that Django accepts but that make no sense here."""
    if (
        field_params.get("min_len")
        and field_params.get("max_length", 0)
        and (field_params["min_len"] > field_params["max_length"])
    ):
        raise ValueError("min_len is larger than max_length")
    if field_params.get("unique") and field_params.get("default"):
        raise ValueError("a unique field cannot have a constant default")
    return True


__all__ = [
    "create_meta_indexes",
    "create_char_field",
    "create_text_field",
    "create_json_field",
    "create_foreign_key",
    "create_decimal_field",
    "create_check_constraint",
    "create_unique_constraint",
    "create_index",
    "validate_model_field_params",
]
