"""What a backend's own columns hold in the rows of the world (`[rows]` of `coursegate.toml`); nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coursegate.contracts.columns import Columns
from coursegate.contracts.reading import ContractError
from coursegate.contracts.world import WorldContract


def with_rows(
    world: WorldContract, columns: Columns, wanted: Mapping[str, Mapping[str, Any]], path: Path
) -> WorldContract:
    """The world, whose rows hold what a backend needs in columns of its own.

    Args:
        columns: of which the contract speaks.
        wanted: model -> column -> value, for every row of it.
        path: of the file that says so.

    Raises:
        ContractError: the world has no row of the model, or the column is the platform's.
    """
    models = {item.model for item in world.objects.values()}
    for model, values in wanted.items():
        if model not in models:
            raise ContractError(
                path,
                0,
                f"[rows] the world has no row of {model!r}; it has some of {', '.join(sorted(models))}",
            )
        if taken := {name for name in values if columns.spoken_of([f"{model}.{name}"])}:
            raise ContractError(
                path, 0, f"[rows] {model}: {min(taken)!r} is the platform's, and the world says what it holds"
            )
    objects = {
        name: replace(item, fields={**item.fields, **wanted.get(item.model, {})})
        for name, item in world.objects.items()
    }
    return replace(world, objects=objects)
