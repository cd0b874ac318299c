"""A function is exchanged where it stands, so that everybody who imported it meets the other one, and then put back."""

from __future__ import annotations

from functools import lru_cache, wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.harness.client import CannotAssess
from coursegate.harness.probing.own_tests import Only, everybody_premium


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


def test_only_some_functions_of_a_file_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file what was named runs, with every parameter; the rest of it does not, nor a namesake in another file."""
    monkeypatch.chdir(tmp_path)
    tests = [
        ("test_lessons.py", "test_tiers[guest]", "test_tiers"),
        ("test_lessons.py", "test_tiers[premium]", "test_tiers"),
        ("test_lessons.py", "test_refusals", None),
        ("test_lessons.py", "test_prices", "test_prices"),
        ("test_courses.py", "test_tiers", "test_tiers"),
    ]
    items: list[Any] = [
        SimpleNamespace(path=tmp_path / file, name=name, originalname=function)
        for file, name, function in tests
    ]

    left_out: list[Any] = []
    config: Any = SimpleNamespace(
        hook=SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    )

    only = Only({("test_lessons.py", "test_tiers"), ("test_lessons.py", "test_refusals")})
    only.pytest_collection_modifyitems(config, items)

    assert [item.name for item in items] == ["test_tiers[guest]", "test_tiers[premium]", "test_refusals"]
    assert [(item.path.name, item.name) for item in left_out] == [
        ("test_lessons.py", "test_prices"),
        ("test_courses.py", "test_tiers"),
    ]
