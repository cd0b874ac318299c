"""Who may write: with a token, with a browser's session, with a session that another site uses, with nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from coursegate.harness.encoding import FORMS, JSON
from coursegate.harness.judging.likeness import difference
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.probing.sessions import open_session

LOGIN = frozenset({401, 403})
# A body of a kind that nothing reads (RFC 9110 §15.5.16).
UNREAD = frozenset({415})
# Under what names pages keep access tokens in cookies, where their backend takes them from there.
TOKEN_COOKIES = ("access_token", "access", "access-token", "jwt", "jwt-auth", "token", "auth_token")
# What the pages of a sandboxed frame, or of a file, name as their origin (RFC 6454 §7.1).
NO_ORIGIN = {"Origin": "null"}


def judged_by(how: str, on: Probe, request: Request) -> str:
    """What is wrong with the answer to an allowed request when its credentials are these; "" where nothing is.

    Args:
        how: one of MATRIX.
        request: of the access table, with a token; it is sent inside a block that is undone.

    Raises:
        NotApplicable: this backend does not route it.
    """
    return MATRIX[how](on, request)


def _with_token(on: Probe, request: Request) -> str:
    answer = _sent(on, request)
    check_routed(request.path, answer)
    if answer.status in range(200, 300):
        return ""
    return f"a token without any cookie is answered {answer.summary}"


def _with_token_beside_session(on: Probe, request: Request) -> str:
    """The browser sends its session along; the token is what the request is allowed by."""
    with on.target.undone():
        session = open_session(on.row(request.principal))
        answer = _sent(on, _with(request, {**session.forged, **request.headers}))
    check_routed(request.path, answer)
    if answer.status in range(200, 300):
        return ""
    return f"a token beside a session without CSRF token is answered {answer.summary}"


def _with_nothing(on: Probe, request: Request) -> str:
    answer = _sent(on, _with(request, {}))
    check_routed(request.path, answer)
    return "" if answer.status in LOGIN else f"no credentials at all are answered {answer.summary}"


def _with_forged_session(on: Probe, request: Request) -> str:
    def ways() -> dict[str, Mapping[str, str]]:
        session = open_session(on.row(request.principal))
        return {
            "a session without CSRF token": session.forged,
            "a session with the CSRF token of another browser": session.mistaken,
            "a session without CSRF token, from a page without an origin,": {**session.forged, **NO_ORIGIN},
        }

    return _refused(on, request, ways)


def _with_token_in_cookies(on: Probe, request: Request) -> str:
    return _refused(
        on, request, lambda: {"an access token in a cookie, without CSRF token,": _kept_in_cookies(request)}
    )


def _refused(on: Probe, request: Request, ways: Callable[[], Mapping[str, Mapping[str, str]]]) -> str:
    """What is wrong with the answers to headers that a page of another site makes a browser send; made anew each time.

    As JSON, and as the forms that such a page may send without asking.
    """
    for media in (JSON,) if request.body is None else (JSON, *FORMS):
        with on.target.undone():
            answers = {
                way: _sent(on, replace(request, headers=headers, media=media))
                for way, headers in ways().items()
            }
        for way, answer in answers.items():
            if media == JSON:
                check_routed(request.path, answer)
            # A form that is read by nobody does nothing.
            if answer.status not in (LOGIN if media == JSON else LOGIN | UNREAD):
                return f"{way} is answered {answer.summary}, sent as {media}"
    return ""


def _kept_in_cookies(request: Request) -> dict[str, str]:
    """The token of a request where a browser would send it by itself."""
    from django.conf import settings

    own = str(getattr(settings, "SIMPLE_JWT", {}).get("AUTH_COOKIE") or "")
    token = request.headers["Authorization"].partition(" ")[2]
    return {"Cookie": "; ".join(f"{name}={token}" for name in (*TOKEN_COOKIES, own) if name)}


def _with_session(on: Probe, request: Request) -> str:
    nobodys = _with(request, {})
    anonymous = _sent(on, nobodys)
    with on.target.undone():
        session = open_session(on.row(request.principal))
        answer = _sent(on, _with(request, session.own))
    check_routed(request.path, answer)
    # A backend that takes no sessions here treats one like no credentials.
    if answer.status in range(200, 300) or not difference(
        answer, anonymous, ("", ""), lambda: _answer(on, nobodys)
    ):
        return ""
    return f"a session with its CSRF token is answered {answer.summary}, no credentials {anonymous.summary}"


MATRIX: Mapping[str, Callable[[Probe, Request], str]] = {
    "token": _with_token,
    "token-beside-session": _with_token_beside_session,
    "nothing": _with_nothing,
    "token-in-cookies": _with_token_in_cookies,
    "forged-session": _with_forged_session,
    "session": _with_session,
}


def _with(request: Request, headers: Mapping[str, str]) -> Request:
    return replace(request, headers=headers)


def _answer(on: Probe, request: Request) -> Answer:
    with on.target.undone():
        return on.target.send(request)


def _sent(on: Probe, request: Request) -> Answer:
    """The answer, kept for the report, which shows the last that is."""
    answer = _answer(on, request)
    on.exchanges.append(Exchange(request, answer))
    return answer
