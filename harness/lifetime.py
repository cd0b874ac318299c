"""How long a token lasts, by what it says itself."""

from __future__ import annotations

import base64
import json
import math


def lifetime(token: str) -> float:
    """Seconds between the issue of a JSON Web Token and its end (`iat` and `exp`, RFC 7519 §4.1).

    The difference of the two: the clock of who issued it may be another than ours. Infinite where the token does not say.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"]) - float(claims["iat"])
    except (ValueError, IndexError, KeyError, TypeError):
        return math.inf
