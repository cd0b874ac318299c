"""Ports of this machine."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port of the loopback address that nobody listens at; whoever takes it should do so at once."""
    with socket.socket() as stream:
        stream.bind(("127.0.0.1", 0))
        return int(stream.getsockname()[1])
