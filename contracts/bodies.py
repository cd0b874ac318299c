"""What a backend wants in a body besides what the contract sends (`[bodies]` of `coursegate.toml`); nothing is replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from coursegate.contracts.openapi import ApiContract, Operation, copied_from
from coursegate.contracts.reading import ContractError


def with_bodies(api: ApiContract, wanted: Mapping[str, Mapping[str, Any]], path: Path) -> ApiContract:
    """The operations, whose bodies hold what a backend wants besides; those that do already stay as they are.

    Args:
        wanted: operation -> key -> value.
        path: of the file that says so.

    Raises:
        ContractError: an operation that there is not or that sends no body, a key that is sent already, or a value that is
            to be that of a key which no body has.
    """
    more = {name: _wanting(api, name, dict(keys), path) for name, keys in wanted.items()}
    return replace(api, operations={**api.operations, **more})


def _wanting(api: ApiContract, name: str, keys: dict[str, Any], path: Path) -> Operation:
    operation = api.operations.get(name)
    if operation is None:
        raise ContractError(path, 0, f"[bodies] {name!r} is no operation of {api.path.name}")
    if not operation.bodies:
        raise ContractError(path, 0, f"[bodies] {name} sends no body: nothing can be added to it")
    sent = {key for body in operation.bodies.values() for key in body} - operation.besides.keys()
    if taken := sent & keys.keys():
        raise ContractError(
            path, 0, f"[bodies] {name}: {min(taken)!r} is sent by the contract, and cannot be said otherwise"
        )
    copied = {source for value in keys.values() if (source := copied_from(value))}
    if unknown := copied - sent:
        raise ContractError(
            path, 0, f"[bodies] {name}: no body has {min(unknown)!r}; there are {', '.join(sorted(sent))}"
        )
    wanting = replace(operation, besides=keys, writable=operation.writable | keys.keys())
    return replace(wanting, bodies={said: wanting.completed(body) for said, body in operation.bodies.items()})
