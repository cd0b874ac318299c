"""Query parameters: converted strictly, refused with 400 when they mean nothing."""

import re
from decimal import Decimal, InvalidOperation

from rest_framework.exceptions import ValidationError

_INTEGER = re.compile(r"\A[+-]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"\A[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?\Z")
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def safe_decimal_conversion(value, default=None):
    """Decimal with a point or a comma before the fraction; anything else, also with separators, is the default."""
    text = str(value).strip() if value is not None else ""
    if not _DECIMAL.match(text):
        return default
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return default


def safe_int_conversion(value, default=0, min_value=None, max_value=None):
    """Whole number within the bounds, else the default."""
    text = str(value).strip() if value is not None else ""
    if not _INTEGER.match(text):
        return default
    number = int(text)
    if (min_value is not None and number < min_value) or (max_value is not None and number > max_value):
        return default
    return number


def _given(request, name):
    return (request.query_params.get(name) or "").strip()


def _refuse(name, kind):
    raise ValidationError({name: [f"Enter {kind}."]})


def int_param(request, name):
    text = _given(request, name)
    if not text:
        return None
    number = safe_int_conversion(text, None)
    return _refuse(name, "a whole number") if number is None else number


def decimal_param(request, name):
    text = _given(request, name)
    if not text:
        return None
    number = safe_decimal_conversion(text, None)
    return _refuse(name, "a number") if number is None else number


def bool_param(request, name):
    text = _given(request, name).lower()
    if not text:
        return None
    return _BOOLEANS[text] if text in _BOOLEANS else _refuse(name, "true or false")


def text_param(request, name, limit=200):
    return _given(request, name).replace("\x00", "")[:limit]
