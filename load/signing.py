"""Access tokens, prepared before the first journey, renewed before they end."""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from coursegate.harness.atomic_file import OWNER, write_whole
from coursegate.harness.client import TOKEN_PATH
from coursegate.harness.world import World
from coursegate.load.people import people_of

SECONDS_PER_SIGN_IN = 10.0
# A token is renewed when it has so long to live, so that no journey begins with one that ends on the way.
LEAST_SECONDS = 60.0


class CannotSignIn(Exception):
    """An account gets no token: nobody answers, or the answer holds none. The text says which."""


class Tokens:
    """The access token of every account, by name."""

    def __init__(self, tokens: dict[str, str], url: str, world: World, path: str = TOKEN_PATH) -> None:
        self._tokens = tokens
        self._url, self._path = url, path
        self._world = world

    @classmethod
    def prepared(cls, url: str, world: World, principals: Iterable[str], path: str = TOKEN_PATH) -> Tokens:
        """Sign everybody in who is answered as one of these principals.

        Raises:
            CannotSignIn: somebody gets no token.
        """
        tokens = cls({}, url, world, path)
        for principal in principals:
            for person in people_of(world, principal):
                tokens.of(person.name)
        return tokens

    @classmethod
    def read(cls, file: Path, url: str, world: World, path: str = TOKEN_PATH) -> Tokens:
        return cls(json.loads(file.read_text(encoding="utf-8")), url, world, path)

    def write(self, path: Path) -> None:
        """For nobody else's eyes."""
        write_whole(path, json.dumps(self._tokens), OWNER)

    def of(self, name: str) -> str:
        """The token of an account, "" for a guest.

        Raises:
            CannotSignIn: a new one was needed, and was not given.
        """
        if name not in self._world.accounts:
            return ""
        if seconds_left(self._tokens.get(name, "")) < LEAST_SECONDS:
            self._tokens[name] = self._sign_in(name)
        return self._tokens[name]

    def _sign_in(self, name: str) -> str:
        account = self._world.accounts[name]
        body = json.dumps({"email": account.email, "password": account.password})
        parts = urlsplit(self._url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS_PER_SIGN_IN)
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise CannotSignIn(f"{self._url} does not answer POST {self._path}: {_shown(problem)}") from None
        finally:
            connection.close()
        token = _token_in(text) if answer.status == 200 else ""
        if not token:
            raise CannotSignIn(f"POST {self._path} gave {name} no token: {answer.status}")
        return token


def seconds_left(token: str, now: float | None = None) -> float:
    """How long a JWT will be accepted; for ever where it does not say, not at all where there is none."""
    if not token:
        return 0.0
    try:
        payload = token.split(".")[1]
        ends = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        return float(ends) - (time.time() if now is None else now)
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return float("inf")


def _token_in(text: bytes) -> str:
    try:
        token = json.loads(text).get("access")
    except (ValueError, AttributeError):
        return ""
    return token if isinstance(token, str) else ""


def _shown(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or f"{type(problem).__name__}: {problem}"
