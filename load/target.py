"""Where the traffic may go."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from coursegate.harness.targets.binding import TargetError
from coursegate.harness.targets.deployment import check_url


def allowed_url(target: str, hosts: Collection[str]) -> str:
    """The URL of a deployment that may be put under load, without a slash at its end.

    Raises:
        TargetError: it is neither on this machine nor on a host that was named.
    """
    parts = urlsplit(target)
    if parts.hostname not in hosts:
        try:
            return check_url(target)
        except TargetError as problem:
            raise TargetError(
                f"{problem} If {parts.hostname} is yours to put under load: --allow-host={parts.hostname}"
            ) from None
    try:
        port = parts.port
    except ValueError:
        raise TargetError(f"--target={target}: the port is no number from 0 to 65535.") from None
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        raise TargetError(f"--target={target}: expected http:// or https://, without a user.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise TargetError(
            f"--target={target}: the contract's paths begin after the port; leave out the rest."
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
