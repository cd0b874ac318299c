"""Query parameters to values (VIEW-09, GUARD-03): what is odd is the default, never an error."""

import re
from decimal import Decimal
from typing import Any, TypeVar

Default = TypeVar("Default")

# ASCII digits only: int() and Decimal() take a lot more, among it NaN, underscores and other scripts' digits.
INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})")


def safe_decimal_conversion(value: Any, default: Default = None) -> Decimal | Default:  # type: ignore[assignment]
    """The value as a finite Decimal; comma or point before the decimals, no thousands separators.

    Anything else, NaN and Infinity among it, is the default.
    """
    text = str(value).strip()
    return Decimal(text.replace(",", ".")) if DECIMAL.fullmatch(text) else default


def safe_int_conversion(
    value: Any,
    default: Default = None,  # type: ignore[assignment]
    min_value: int | None = None,
    max_value: int | None = None,
) -> int | Default:
    """The value as an integer between the bounds, which it is moved to; the default for anything else."""
    text = str(value).strip()
    if isinstance(value, bool) or not INTEGER.fullmatch(text):
        return default
    number = int(text)
    if min_value is not None:
        number = max(number, min_value)
    if max_value is not None:
        number = min(number, max_value)
    return number
