"""A running backend, asked over HTTP: what its callers get, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from coursegate.contracts.columns import Columns
from coursegate.harness.client import TOKEN_PATH, WRITES_NOT_ALLOWED, CannotAsk, CannotAssess
from coursegate.harness.deadline import TimeLimitExceeded, deadline
from coursegate.harness.encoding import encoded
from coursegate.harness.observation import Answer, Request, ServerError
from coursegate.harness.targets.guards import BUDGET, Guards, Ledger
from coursegate.harness.targets.naming import Naming
from coursegate.harness.targets.target import Abilities
from coursegate.harness.verdicts import NEEDS_SOURCE

SECONDS_PER_REQUEST = 10.0
# How long a server that left one request without an answer has to answer another.
SECONDS_TO_LIVE = 5.0
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TargetLost(CannotAsk):
    """Nobody answers at the URL any more. The text says since when."""


class LiveTarget:
    """The target as the suites see it. It has no rows to look at, undoes nothing, and writes only where allowed."""

    kind = "url"

    def __init__(
        self,
        url: str,
        *,
        writes: bool = False,
        naming: Naming | None = None,
        guards: Guards | None = None,
    ) -> None:
        self.url, self.naming = url, naming or Naming()
        self.guards, self.ledger, self.sent = guards or Guards(), Ledger(), 0
        self.host = urlsplit(url).netloc
        self.abilities = Abilities(reads_rows=False, undoes=False, writes=writes)
        self._session = self._connect()
        self._lost = ""

    def _connect(self) -> requests.Session:
        session = _session()
        if self.guards.authority is not None:
            session.verify = str(self.guards.authority)
        return session

    def send(self, request: Request) -> Answer:
        """One request, cut off after `SECONDS_PER_REQUEST`.

        Raises:
            TargetLost: the server is gone; it is not asked again.
            CannotAssess: the request writes, and nobody allowed that (signing in is allowed); or it would be one more
                than were allowed.
        """
        if request.method not in SAFE and request.path != TOKEN_PATH and not self.abilities.writes:
            raise CannotAssess(WRITES_NOT_ALLOWED)
        if self._lost:
            raise TargetLost(self._lost)
        if self.sent >= self.guards.most_requests:
            raise CannotAssess(f"{BUDGET}: {self.sent} requests were allowed, and have been sent")
        request = replace(request, path=self.naming.own(request.path))
        try:
            answer = self._call(request)
            self.ledger.note(request, answer)
            return answer
        except (TimeLimitExceeded, requests.Timeout):
            self._check_alive(request, f"no answer within {SECONDS_PER_REQUEST:g} s")
            return Answer(0, {}, b"", hang="a place that HTTP does not show")
        except requests.RequestException as problem:
            self._check_alive(request, _reason(problem))
            return self._once_more(request, problem)

    def _once_more(self, request: Request, problem: requests.RequestException) -> Answer:
        """A connection that broke may have been an idle one that the server closed; what only reads is asked again."""
        if request.method in SAFE:
            try:
                return self._call(request)
            except (TimeLimitExceeded, requests.RequestException):
                pass
        return Answer(
            500, {}, b"", ServerError("ConnectionBroken", _reason(problem), "a place HTTP does not show")
        )

    def _call(self, request: Request) -> Answer:
        body, media = (None, "") if request.body is None else encoded(request.body, request.media)
        headers = dict(request.headers) | ({"Content-Type": media} if media else {})
        self.sent += 1
        try:
            with deadline(SECONDS_PER_REQUEST):
                answer = self._session.request(
                    request.method,
                    self.url + request.path,
                    data=body,
                    headers=headers,
                    timeout=SECONDS_PER_REQUEST,
                    allow_redirects=False,
                )
        except BaseException:
            # What was cut off must not meet the next request on the same connection.
            self._session.close()
            self._session = self._connect()
            raise
        return Answer(answer.status_code, dict(answer.headers), answer.content)

    def _check_alive(self, request: Request, reason: str) -> None:
        """Raise `TargetLost` unless the server still answers something."""
        try:
            with deadline(SECONDS_TO_LIVE), self._connect() as fresh:
                fresh.get(self.url, timeout=SECONDS_TO_LIVE, allow_redirects=False)
        except (TimeLimitExceeded, requests.RequestException) as problem:
            still = "nor to anything since" if isinstance(problem, TimeLimitExceeded) else _reason(problem)
            self._lost = f"{self.url} does not answer {request.method} {request.path}: {reason}"
            if still != reason:
                self._lost += f"; then: {still}"
            raise TargetLost(self._lost) from None

    def tidy(self, signed: Callable[[Request], Request]) -> Ledger:
        """Take away what requests have made here, beyond what was allowed to be asked if need be.

        Args:
            signed: gives a request credentials that are worth something now; those that made a row may not be any more.
        """
        self.guards = replace(self.guards, most_requests=self.sent + 4 * len(self.ledger.created) + 1)

        def remove(removal: Request) -> Answer:
            answer = self.send(signed(removal))
            if answer.status in {401, 403}:  # sign-ins that had to be refused may have locked the account
                answer = self.send(signed(replace(removal, principal="staff")))
            return answer

        self.ledger.clear(remove)
        return self.ledger

    def raised_by(self, request: Request) -> list[ServerError]:  # noqa: ARG002 -- nothing of it is seen
        return []

    def clear_caches(self) -> None:
        """The caches are on the other side: what is asked first is as cold as they happen to be."""

    @contextmanager
    def undone(self, *, keep_caches: bool = False) -> Iterator[None]:  # noqa: ARG002 -- no cache can be reached
        """Nothing is undone: `abilities` says so."""
        yield

    def file_path(self, model: str, key: Any, field: str) -> str:
        raise _blind(model, key, field)

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Nothing is put back: `abilities` says so."""
        yield

    def change(self, model: str, key: Any, values: Mapping[str, Any]) -> None:
        raise _blind(model, key, values)

    def remove(self, model: str, key: Any) -> None:
        raise _blind(model, key)

    @contextmanager
    def later(self, passes: timedelta) -> Iterator[None]:
        """Time goes by over there as it does here."""
        if passes:
            raise _blind(passes)
        yield

    def at_a_moment(self) -> AbstractContextManager[None]:
        raise _blind()

    def row(self, model: str, key: Any) -> dict[str, Any] | None:
        raise _blind(model, key)

    def finds(self, model: str, key: Any) -> bool:
        raise _blind(model, key)

    def digests(self, _columns: Columns) -> dict[str, str]:
        raise _blind()

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        raise _blind(model, *known)

    def keys(self, model: str) -> set[Any]:
        raise _blind(model)

    def mint_token(self, key: Any, lifetime: timedelta | None = None) -> str:  # noqa: ARG002 -- nothing is made here
        return ""


def _blind(*_what: Any) -> CannotAssess:
    return CannotAssess(f"{NEEDS_SOURCE}: the rows behind the answers cannot be seen over HTTP")


def _session() -> requests.Session:
    """Keeps connections, and nothing else: no proxy or password of the environment, no cookie of an earlier caller."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = requests.structures.CaseInsensitiveDict(
        {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "coursegate"}
    )
    return session


def _reason(problem: requests.RequestException) -> str:
    """The innermost cause in a few words; of TLS also what to do."""
    inner: BaseException = problem
    while (below := inner.__cause__ or inner.__context__) is not None:
        inner = below
    if isinstance(problem, requests.exceptions.SSLError):
        said = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or str(inner)
        return f"TLS fails: {said} (--ca-file names whom to trust)"
    return getattr(inner, "strerror", None) or f"{type(inner).__name__}: {' '.join(str(inner).split())[:200]}"
