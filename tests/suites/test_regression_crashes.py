"""What an exception inside of a regression check says of the backend."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression import asking


def _crashed(exchanges: list[Exchange], file: Path) -> Any:
    with pytest.raises(KeyError) as caught:
        exec(compile("{}['is_valid']", str(file), "exec"))
    probe: Any = SimpleNamespace(exchanges=exchanges, binding=None)
    return asking._of_a_crash(caught.value, probe, "a cause")


def _exchange(status: int) -> Exchange:
    return Exchange(Request("GET", "/api/a/?page=1"), Answer(status, {"Content-Type": "text/html"}, b"<p>"))


@pytest.mark.parametrize(("status", "kind"), [(500, Kind.ERROR), (404, Kind.FORM)])
def test_an_answer_that_cannot_be_read_on_is_named(status: int, kind: Kind) -> None:
    """Where a check trips over what it was answered, the answer is told, not the line of the check."""
    problem = _crashed([_exchange(status)], asking.SUITES / "regression" / "views_user.py")

    assert problem.kind == kind
    assert (
        problem.text
        == f"GET /api/a/ answers {status} text/html, which cannot be read on: KeyError: 'is_valid'"
    )


def test_what_a_library_raises_keeps_its_place() -> None:
    """An exception from elsewhere is an error, with the line that it comes from."""
    problem = _crashed([_exchange(200)], Path("/lib/site-packages/a_library/module.py"))

    assert problem.kind == Kind.ERROR
    assert problem.text == "KeyError: 'is_valid' at a_library/module.py:1"
