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


def states_to_store_at(graph: Any, leaf: tuple[str, str], former: str = "") -> list[tuple[str, str]]:
    """Where rows are stored that all later migrations must keep: in the previous release, and where a model is new.

    What lies between two migrations need never have been released: columns of such a state may still be filled in by the
    next one. So which migration the previous release ended with is the team's to say (VAL-05, note); only where a single
    one stands upon the initial ones there is nothing to say.

    Args:
        graph: Django's `MigrationGraph`.
        leaf: app and name of the last one.
        former: the name of that migration, or how it begins; "" where nobody says.

    Returns:
        App and name of each; none where it is not known, or where the last migration is still an initial one.

    Raises:
        LookupError: there is no migration of that name before the last one.
    """
    from django.db.migrations import CreateModel

    chain = [key for key in graph.forwards_plan(leaf) if key[0] == leaf[0]]
    first = _named(chain, former) if former else _initial(graph, chain)
    if first is None:
        return []
    later = chain[first + 1 : -1]
    makes = [
        key for key in later if any(isinstance(step, CreateModel) for step in graph.nodes[key].operations)
    ]
    return [chain[first], *makes]


def _named(chain: list[tuple[str, str]], former: str) -> int:
    found = [number for number, (_, name) in enumerate(chain[:-1]) if name.startswith(former)]
    if not found:
        raise LookupError(f"no migration before the last one is called {former!r}")
    return found[0]


def _initial(graph: Any, chain: list[tuple[str, str]]) -> int | None:
    """The last one of the initial ones, where exactly one stands upon them."""
    initial = next((number for number, key in enumerate(chain) if not graph.nodes[key].initial), len(chain))
    first = max(initial - 1, 0)
    return first if first == len(chain) - 2 else None
