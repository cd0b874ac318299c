"""A function is exchanged where it stands, so that everybody who imported it meets the other one, and then put back."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import Any

import pytest

from coursegate.harness.client import CannotAssess
from coursegate.harness.probing.own_tests import everybody_premium


def level(user: object, subscription: object = None, *, strict: bool = False) -> str:
    return f"{user} {subscription} {strict}"


imported_before = level


def test_everybody_is_premium_inside_and_nobody_outside() -> None:
    """Whoever imported the function before meets the other one inside, with the function's own defaults outside."""
    with everybody_premium(level):
        assert imported_before("ann") == imported_before("bob", None, strict=True) == "premium"

    assert imported_before("ann") == "ann None False"


def test_function_is_put_back_after_an_error() -> None:
    """What fails inside leaves the function as it was."""
    with pytest.raises(ZeroDivisionError), everybody_premium(level):
        1 / 0  # noqa: B018 -- it is to fail

    assert level("ann") == "ann None False"


def test_function_below_decorators_is_meant() -> None:
    """Decorators stay: what they wrap is exchanged."""

    @lru_cache
    @wraps(level)
    def decorated(user: object) -> str:
        return level(user)

    with everybody_premium(decorated):
        assert decorated("ann") == "premium"


@pytest.mark.parametrize(
    "what", [type("Level", (), {"__call__": level})(), len, (lambda kept: lambda _user: kept)(1)]
)
def test_what_has_no_body_to_exchange_is_refused(what: Any) -> None:
    """An object, a built-in or a closure is told, not blamed."""
    with pytest.raises(CannotAssess, match="no plain function"), everybody_premium(what):
        pass
