"""A request as a WSGI application is given it."""

from __future__ import annotations

import io
import sys
from typing import Any
from urllib.parse import unquote

from coursegate.harness.observation import Request

AGENT = "coursegate"


def environ_of(request: Request, host: str) -> dict[str, Any]:
    """The environment in which an application is called for it (PEP 3333)."""
    path, _, query = request.path.partition("?")
    text, kind = request.encoded
    body = text.encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_ACCEPT": "application/json",
        "HTTP_USER_AGENT": AGENT,  # no client comes without one, and some backends note it with every sign-in
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if kind:
        environ["CONTENT_TYPE"] = kind
    for name, value in request.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
