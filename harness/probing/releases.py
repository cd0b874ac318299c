"""Which of a backend's migrations were there before the last one."""

from __future__ import annotations

from typing import Any


def previous_release(graph: Any, leaf: tuple[str, str]) -> list[tuple[str, str]]:
    """The migrations of the same app that its last one stands on, as app and name (VAL-05, note).

    None where the last one is still an initial one: the tables are being made, and nothing was released before.

    Args:
        graph: Django's `MigrationGraph`.
        leaf: app and name of the last one.
    """
    if graph.nodes[leaf].initial:
        return []
    return [parent.key for parent in graph.node_map[leaf].parents if parent.key[0] == leaf[0]]
