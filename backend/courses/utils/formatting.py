"""Numbers for people. What is unknown or impossible is None, never a plausible text (SER-05)."""

import math
from decimal import Decimal
from typing import Any

from .. import constants

_UNITS = ("B", "KB", "MB", "GB", "TB")
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "INR": "₹"}


def _whole(value: Any) -> int | None:
    """The value as an integer that is not negative; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return int(value) if math.isfinite(value) and value >= 0 else None


def _two_parts(total: int, large: str, small: str) -> str:
    """Sixty `small` are one `large`; a part that is zero is left out, unless both are."""
    count, rest = divmod(total, 60)
    parts = [f"{count}{large}"] if count else []
    return " ".join([*parts, f"{rest}{small}"] if rest or not count else parts)


def format_duration(minutes: Any) -> str | None:
    """`45m`, `2h`, `2h 5m`; None for an unknown or negative duration."""
    total = _whole(minutes)
    if total is None:
        return None
    return _two_parts(total, "h", "m")


def format_time_spent(seconds: Any) -> str | None:
    """`30s`, `5m 30s`, `2h 5m`; None for an unknown or negative time."""
    total = _whole(seconds)
    if total is None:
        return None
    if total >= 3600:
        return format_duration(total // 60)
    return _two_parts(total, "m", "s")


def format_filesize(size: Any) -> str | None:
    """`512 B`, `1.5 MB`; None for an unknown or negative size."""
    total = _whole(size)
    if total is None:
        return None
    power = min((total.bit_length() - 1) // 10, len(_UNITS) - 1) if total else 0
    return f"{total / 1024**power:.{1 if power else 0}f} {_UNITS[power]}"


def format_price(price: Any, currency: str = constants.DEFAULT_CURRENCY) -> str | None:
    """`Free`, `$49.99`; the currency's code where it has no symbol; None for an unknown or negative price."""
    if _whole(price) is None:
        return None
    if not price:
        return "Free"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{price:,.2f}" if symbol else f"{price:,.2f} {currency}"


def calculate_reading_time(text: str | None, words_per_minute: int = 200) -> int:
    """Minutes, rounded up, to read the plain text; 0 for none."""
    return math.ceil(len((text or "").split()) / max(words_per_minute, 1))
