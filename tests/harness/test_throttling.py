"""Whether a limit speaks is told from the answers: from the last one alone, and with a word on when to come back."""

from __future__ import annotations

import pytest

from coursegate.harness.observation import Answer
from coursegate.harness.probing.throttling import complaint

FINE, REFUSED = Answer(200, {}, b"{}"), Answer(429, {"Retry-After": "60"}, b"{}")
SILENT = Answer(429, {}, b"{}")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([FINE, FINE, REFUSED], ""),
        ([Answer(404, {}, b""), REFUSED], ""),
        ([FINE, FINE, FINE], "request 3 is answered 200"),
        ([FINE, REFUSED, REFUSED], "1 of the 2 allowed requests are refused"),
        ([FINE, SILENT], "does not say with Retry-After"),
    ],
)
def test_the_limit_speaks_in_time(answers: list[Answer], said: str) -> None:
    """One request too many is refused, none before it, and the refusal says for how long."""
    found = complaint(answers)

    assert said in found
    assert bool(said) == bool(found)
