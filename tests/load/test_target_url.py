"""Traffic goes only where it was told to go."""

from __future__ import annotations

import pytest

from coursegate.harness.targets.binding import TargetError
from coursegate.load.target import allowed_url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:1/", "http://[::1]:80"])
def test_this_machine_may_be_asked(url: str) -> None:
    """A loopback address needs no permission."""
    assert allowed_url(url, ()) == url.rstrip("/")


def test_a_host_that_was_named_may_be_asked() -> None:
    """--allow-host opens one host, over TLS as well."""
    assert allowed_url("https://staging.example", ["staging.example"]) == "https://staging.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://staging.example",
        "http://127.0.0.1.example",
        "http://staging.example:99999",
        "ftp://127.0.0.1",
        "http://user@127.0.0.1",
        "http://127.0.0.1/api/",
    ],
)
def test_nothing_else_is_asked(url: str) -> None:
    """Another host, another protocol, credentials or a path are refused, with what to type."""
    with pytest.raises(TargetError, match="--target="):
        allowed_url(url, ["other.example"])
