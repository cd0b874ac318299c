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


def states_to_store_at(graph: Any, leaf: tuple[str, str]) -> list[tuple[str, str]]:
    """Where rows are stored that all later migrations must keep: in the first release, and where a model is new.

    A row of the first release passes every migration that came since, not the last one only. What lies between two
    migrations need never have been released: columns of such a state may still be filled in by the next one.
    None where the last migration is still an initial one.

    Args:
        graph: Django's `MigrationGraph`.
        leaf: app and name of the last one.
    """
    from django.db.migrations import CreateModel

    chain = [key for key in graph.forwards_plan(leaf) if key[0] == leaf[0]]
    initial = next((number for number, key in enumerate(chain) if not graph.nodes[key].initial), len(chain))
    first = max(initial - 1, 0)
    later = chain[first + 1 : -1]
    makes = [
        key for key in later if any(isinstance(step, CreateModel) for step in graph.nodes[key].operations)
    ]
    return [chain[first], *makes] if first < len(chain) - 1 else []
