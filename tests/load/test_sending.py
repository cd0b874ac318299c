"""What comes of a request that the generator sends, where the connection ends before the answer does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# Locust patches the process that it is imported in: this one is its own.
SENT = """
import json, sys
from gevent.server import StreamServer
from locust.env import Environment
from locust.contrib.fasthttp import FastHttpSession
from coursegate.load.generator.sending import LocustSender
from coursegate.load.oracle import Opinion
from coursegate.load.rows import FAILED
from coursegate.load.visit import Asked

def answer(connection, _address):
    connection.recv(65536)
    connection.sendall(sys.argv[1].encode().decode("unicode_escape").encode())
    connection.close()

server = StreamServer(("127.0.0.1", 0), answer)
server.start()
environment = Environment()
session = FastHttpSession(f"http://127.0.0.1:{server.server_port}", environment.events.request, None)
asked = Asked("courses.list", "GET", "/api/courses/", {}, None)
reply, _ = LocustSender(session, lambda: True).send(asked, lambda reply: Opinion(FAILED, "no answer"))
print(json.dumps([reply.status, reply.error]))
"""
HEAD = r"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param("", id="before-the-answer"),
        pytest.param(HEAD + r"Transfer-Encoding: chunked\r\n\r\n5\r\n[{}, ", id="within-a-chunk"),
        pytest.param(HEAD + r"Content-Length: 80\r\n\r\n[{}, ", id="within-the-body"),
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(answered: str) -> None:
    """Wherever the connection ends, the request has failed for a reason in words, and the journey is told so."""
    command = [sys.executable, "-c", SENT, answered]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert run.returncode == 0, run.stderr
    status, error = json.loads(run.stdout)
    assert status == 0
    assert error
