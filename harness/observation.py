"""What was asked and what came back: frozen, and safe to print."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from coursegate.harness.encoding import JSON, MULTIPART, Upload, fields_of

SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "x-csrftoken"}
# Stands in a line to paste for where the backend runs.
BASE = "$BASE_URL"
# Of what a refusal says of a field so many letters are repeated.
MOST_WORDS = 80
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


@dataclass(frozen=True)
class Request:
    """One request, as a principal sends it.

    Attributes:
        path: with its query string.
        body: what is sent, or None for no body.
        media: as what it is sent (`encoding`).
        secrets: texts (passwords) that must never be printed.
    """

    method: str
    path: str
    principal: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    secrets: tuple[str, ...] = ()
    media: str = JSON

    def asking(self, query: str) -> Request:
        """The same request with a query besides the one it has."""
        return replace(self, path=f"{self.path}{'&' if '?' in self.path else '?'}{query}")

    def curl(self, base: str = BASE) -> str:
        """One line to paste; credentials appear as shell variables, never as they are."""
        parts = ["curl", "-sS", "-i", "-X", self.method]
        for name, value in self.headers.items():
            if name.lower() == "authorization":
                parts += [
                    "-H",
                    f'"{name}: {value.split(" ")[0]} $TOKEN_{self.principal.upper().replace("-", "_")}"',
                ]
            elif name.lower() not in SECRET_HEADERS:
                parts += ["-H", shlex.quote(f"{name}: {value}")]
        parts += [] if self.body is None else self._curl_body()
        return " ".join([*parts, f'"{base}{self.path}"'])

    def _curl_body(self) -> list[str]:
        if self.media == JSON:
            text = json.dumps(self.body, default=str)
            return ["-H", f"'Content-Type: {JSON}'", "--data", shlex.quote(self.redact(text))]
        # Field by field: no password is printed in another spelling.
        option = "--form-string" if self.media == MULTIPART else "--data-urlencode"
        return [
            part
            for name, value in fields_of(self.body)
            for part in (
                "--form" if isinstance(value, Upload) else option,
                shlex.quote(self.redact(f"{name}={value}")),
            )
        ]

    def redact(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "[redacted]")
        return _JWT.sub("[redacted]", text)


@dataclass(frozen=True)
class ServerError:
    """An exception that the backend let through; `place` is its own deepest line, `path:line`."""

    exception: str
    message: str
    place: str


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        hang: the stack of a request that had to be cut off, "" otherwise.
        writes: what the request wrote: `app.Model` for rows that came or went, `app.Model.column` for changed ones;
            None where nobody could look.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    error: ServerError | None = None
    hang: str = ""
    writes: frozenset[str] | None = None

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or None where it is not."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):  # nested deeper than anything that is meant to be read
            return None

    @property
    def objects(self) -> Iterator[dict[str, Any]]:
        """Every object of the JSON, however deep it stands."""
        return _objects_in(self.json)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400

    @property
    def summary(self) -> str:
        """The answer in a few words: status, and what its body is."""
        if self.hang:
            return "no answer"
        if self.is_redirect:
            return f"{self.status} to {self.header('Location')}"
        if not self.body:
            return f"{self.status} without a body"
        return (
            f"{self.status}"
            if self.json is not None
            else f"{self.status} {self.header('Content-Type') or 'untyped'}"
        )

    @property
    def refused_for(self) -> Mapping[str, str]:
        """What a refusal says, by field (`detail` where it is about none), each in a few words; empty for all others."""
        if not (400 <= self.status < 500 and isinstance(self.json, dict)):
            return {}
        return {str(field): _words(said) for field, said in self.json.items()}


def _objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects_in(inner)


def _words(said: Any) -> str:
    """The first text in what a refusal says of a field."""
    while isinstance(said, (list, dict)) and said:
        said = said[0] if isinstance(said, list) else next(iter(said.values()))
    return str(said)[:MOST_WORDS]


@dataclass(frozen=True)
class Exchange:
    """A request and its answer; `moment` says when it was sent, where that matters ("after premium")."""

    request: Request
    answer: Answer
    moment: str = ""

    def at(self, moment: str) -> Exchange:
        return replace(self, moment=moment)
