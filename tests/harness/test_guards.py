"""A deployment is asked only where somebody said so, as often as they said, and is left as it was found."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from coursegate.harness.client import CannotAssess
from coursegate.harness.observation import Answer, Request
from coursegate.harness.preflight.http import _pattern
from coursegate.harness.targets.binding import TargetError
from coursegate.harness.targets.deployment import check_url
from coursegate.harness.targets.guards import Guards, Ledger
from coursegate.harness.targets.live import LiveTarget, TargetLost


class _Shop(BaseHTTPRequestHandler):
    """Answers every read, makes what is posted, and forgets it again; what is called `stuck` stays, `locked` goes for staff."""

    def do_GET(self) -> None:
        self._say(200, {})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say(201, {"id": 7, "slug": self.path.strip("/").rpartition("/")[2]})

    def do_DELETE(self) -> None:
        locked = "locked" in self.path and self.headers["Authorization"] != "Bearer staff"
        self._say(401 if locked else 403 if "stuck" in self.path else 204, {})

    def _say(self, status: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text) if status != 204 else 0))
        self.end_headers()
        if status != 204:
            self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the library's
        """Nobody reads it."""


@contextmanager
def _shop() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Shop) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


@pytest.mark.parametrize(
    ("url", "hosts", "complaint"),
    [
        ("https://shop.example.com", (), "if it may, say --allow-host=shop.example.com"),
        ("http://shop.example.com", ("shop.example.com",), "over https:// only"),
        ("https://user:word@localhost", (), "no password"),
        ("ftp://localhost", (), "expected http"),
    ],
)
def test_host_that_nobody_named_is_not_asked(url: str, hosts: tuple[str, ...], complaint: str) -> None:
    """Another machine is asked only by name, and only where nobody on the way can listen."""
    with pytest.raises(TargetError) as refused:
        check_url(url, hosts)

    assert complaint in str(refused.value)


def test_host_that_was_named_may_be_asked() -> None:
    """What was named, and this machine, may be asked."""
    assert check_url("https://shop.example.com/", ("shop.example.com",)) == "https://shop.example.com"
    assert check_url("https://127.0.0.1:8443") == "https://127.0.0.1:8443"


def test_no_more_requests_than_allowed_are_sent() -> None:
    """What would be one request more is not assessed, for the reason that it is."""
    with _shop() as url:
        target = LiveTarget(url, guards=Guards(most_requests=2))
        for _ in range(2):
            assert target.send(Request("GET", "/api/")).status == 200
        with pytest.raises(CannotAssess, match="max-requests: 2 requests were allowed"):
            target.send(Request("GET", "/api/"))


def _signed(request: Request) -> Request:
    return replace(request, headers={"Authorization": f"Bearer {request.principal}"})


def test_what_a_run_makes_is_listed_and_taken_away(tmp_path: Path) -> None:
    """Each new row stands in the ledger at once; at the end its maker or staff removes it, or it is told to be left."""
    with _shop() as url:
        target = LiveTarget(url, writes=True, guards=Guards(most_requests=3))
        target.ledger = Ledger(tmp_path / "ledger.jsonl")
        target.send(Request("POST", "/api/notes/", "premium", body={}))
        target.send(Request("POST", "/api/stuck/", "premium", body={}))
        target.send(Request("POST", "/api/locked/", "premium", body={}))
        listed = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()]
        told = target.tidy(_signed)

    assert [row["remove"] for row in listed] == [
        "/api/notes/notes/",
        "/api/stuck/stuck/",
        "/api/locked/locked/",
    ]
    assert told.as_dict() == {"removed": 2, "left": ["/api/stuck/stuck/, made by premium: 403"]}


def test_failure_of_tls_is_told_as_one() -> None:
    """A deployment with which no secure connection comes about is told as that, with what might help."""
    with _shop() as url:
        target = LiveTarget(url.replace("http://", "https://"))
        with pytest.raises(TargetLost, match=r"TLS fails: .*--ca-file names whom to trust"):
            target.send(Request("GET", "/api/"))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200, {"Content-Type": "text/html"}, b"<html>"), "a page of HTML"),
        (Answer(302, {"Location": "/accounts/login/"}, b""), "redirected to /accounts/login/"),
        (Answer(302, {"Location": "/en/api/courses/"}, b""), 'say prefix = "/en/api/"'),
        (Answer(301, {"Location": "https://localhost/api/courses/"}, b""), "SECURE_SSL_REDIRECT"),
        (Answer(400, {"Content-Type": "text/html"}, b"<h1>Bad"), "the host header is refused"),
        (Answer(429, {}, b"{}"), "throttled"),
    ],
)
def test_what_stands_before_a_deployment_is_told_apart(answer: Answer, told: str) -> None:
    """A page, a login, a refused host and a rate limit are each told as what they are."""
    assert told in _pattern([answer, answer])
