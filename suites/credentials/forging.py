"""Access tokens that nobody issued, or that are no longer worth anything: one function per kind."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.client import CannotAssess, NotApplicable
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import NEEDS_SOURCE

# Who is somebody else, and may do more.
SOMEBODY_ELSE = "staff"
# Clocks may differ, so a backend may take what has just run out (RFC 7519 §4.1.4: a few minutes).
LONG_AGO = timedelta(minutes=15)


def garbage(_bound: Bound, _principal: str) -> str:
    """Not a token at all."""
    return "Bearer this-is-no-token"


def nothing(_bound: Bound, _principal: str) -> str:
    """The name of the scheme, and nothing after it."""
    return "Bearer"


def foreign(bound: Bound, principal: str) -> str:
    """A real token's content, signed with another key."""
    _, payload, _ = _parts(bound, principal)
    return (
        f"Bearer {_signed({'alg': 'HS256', 'typ': 'JWT'}, payload, b'a key that this backend does not have')}"
    )


def unsigned(bound: Bound, principal: str) -> str:
    """A real token's content under the algorithm `none` (RFC 8725 §2.1)."""
    _, payload, _ = _parts(bound, principal)
    return f"Bearer {_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded(payload)}."


def tampered(bound: Bound, principal: str) -> str:
    """A real token in which every claim that is the caller's id names somebody else."""
    header, payload, signature = _parts(bound, principal)
    own, other = (str(bound.world.ids[name]) for name in (principal, SOMEBODY_ELSE))
    changed = {key: type(value)(other) if str(value) == own else value for key, value in payload.items()}
    if changed == payload:
        raise NotApplicable("no claim of the token is the id of its account")
    return f"Bearer {_encoded(header)}.{_encoded(changed)}.{signature}"


def expired(bound: Bound, principal: str) -> str:
    """A token of the account that the backend's own library made, and whose time is over."""
    return _minted(bound, bound.world.ids[principal], -LONG_AGO)


def unknown(bound: Bound, _principal: str) -> str:
    """A token of the backend's own library for an account that never existed."""
    return _minted(bound, int(NEVER_EXISTED["pk"]), timedelta(minutes=5))


def refresh(bound: Bound, principal: str) -> str:
    """A refresh token in the place of an access token (RFC 6749 §1.5)."""
    return f"Bearer {bound.client.refresh_token(principal)}"


KINDS: dict[str, Callable[[Bound, str], str]] = {
    kind.__name__: kind for kind in (garbage, nothing, foreign, unsigned, tampered, expired, unknown, refresh)
}


def _parts(bound: Bound, principal: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, payload and signature of the account's real token."""
    parts = bound.client.sign_in(principal).split(".")
    try:
        header, payload = (
            json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2]
        )
        return dict(header), dict(payload), parts[2]
    except (ValueError, IndexError, TypeError):
        raise NotApplicable(
            "the backend's tokens are no JSON Web Tokens: their content cannot be altered"
        ) from None


def _minted(bound: Bound, key: Any, lifetime: timedelta) -> str:
    if token := bound.target.mint_token(key, lifetime):
        return f"Bearer {token}"
    raise CannotAssess(f"{NEEDS_SOURCE}: only the backend's own token library could make such a token")


def _signed(header: dict[str, Any], payload: dict[str, Any], key: bytes) -> str:
    text = f"{_encoded(header)}.{_encoded(payload)}"
    return f"{text}.{_base64(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


def _encoded(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
