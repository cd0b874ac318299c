"""What a body may not set, and values for it that would be worth something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from coursegate.contracts.openapi import Operation
from coursegate.contracts.world_values import FromNow, Reference
from coursegate.harness.world import World

# What callers try first, whether or not a contract names it.
GRANTS: Mapping[str, Any] = {
    "role": "admin",
    "is_staff": True,
    "is_superuser": True,
    "tier": "premium",
    "is_approved": True,
    "is_published": True,
    "is_valid": True,
    "is_featured": True,
    "price": "0.01",
    "progress_percentage": 99,
}


def surplus(operation: Operation, model: str, subject: str, world: World) -> dict[str, Any]:
    """Every column that the contract knows of a model and that the operation may not set, with another value than its own."""
    contract = world.contract
    own = contract.objects[subject].fields if subject in contract.objects else {}
    known = {name for item in contract.of_model(model) for name in item.fields} | GRANTS.keys()
    settable = (
        operation.writable
        | {name.removesuffix("_id") for name in operation.writable}
        | operation.effect.keys()
    )
    found: dict[str, Any] = {}
    for name in sorted(known - settable):
        value = GRANTS.get(name, _other(name, own.get(name), model, world))
        if value is not None:
            found[name] = value
            if any(isinstance(item.fields.get(name), Reference) for item in contract.of_model(model)):
                found[f"{name}_id"] = value
    return found


def _other(name: str, own: Any, model: str, world: World) -> Any:
    """Another value that rows of the model hold in the column; None where there is none."""
    values = [item.fields[name] for item in world.contract.of_model(model) if name in item.fields]
    others = [plain for value in values if value != own and (plain := _plain(value, world)) is not None]
    if others:
        return others[0]
    if isinstance(own, bool):
        return not own
    return own + 7 if isinstance(own, (int, float)) else None


def _plain(value: Any, world: World) -> Any:
    """A value of the world as it is sent: an object by its key, a moment in ISO 8601."""
    if isinstance(value, Reference):
        return world.ids.get(value.name)
    if isinstance(value, FromNow):
        return (datetime.now(UTC) + value.delta + timedelta(days=365)).isoformat(timespec="seconds")
    return value


def columns_of(name: str) -> tuple[str, ...]:
    """The columns that a key of a body could set."""
    return name, f"{name}_id", name.removesuffix("_id")
