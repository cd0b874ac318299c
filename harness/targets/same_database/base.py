"""What Django loads for such an alias: the connection of the default one by another name.

Two connections would not do: a replica has to show what the gate's transaction around a request has not committed.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

# What Django's test cases exchange on connections that a test may not use: on this name of it, not on the others.
_OF_THE_ALIAS = frozenset({"connect", "temporary_connection", "cursor", "chunked_cursor"})


class DatabaseWrapper:
    """Whatever is asked of it or set on it is asked of, or set on, the default connection of the same thread."""

    def __init__(self, settings_dict: dict[str, Any], alias: str) -> None:
        """Takes what Django gives; of the settings nothing is its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[DEFAULT_DB_ALIAS], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OF_THE_ALIAS:
            object.__setattr__(self, name, value)
        else:
            setattr(connections[DEFAULT_DB_ALIAS], name, value)

    def __delattr__(self, name: str) -> None:
        if name in _OF_THE_ALIAS:
            object.__delattr__(self, name)
        else:
            delattr(connections[DEFAULT_DB_ALIAS], name)
