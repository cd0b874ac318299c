"""The columns that the contract speaks of: what a backend keeps in a row besides is its own matter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coursegate.contracts.contract import Contract


@cache
def columns_of(contract: Contract, model: str) -> frozenset[str]:
    """What an operation on a model shows, takes, changes or promises, what the world sets, and what `x-columns` names.

    Of a foreign key its name, without `_id`.
    """
    found = set(contract.api.columns.get(model, ()))
    for operation in contract.api.operations.values():
        if model in {operation.model, operation.creates, operation.collection}:
            found |= operation.answer_fields.keys() | operation.writable | operation.touches
            found |= operation.effect.keys() | operation.where.keys()
    for item in contract.world.of_model(model):
        found |= item.fields.keys()
    return frozenset(name.removesuffix("_id") for name in found)
