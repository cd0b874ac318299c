"""The views of operations that a backend may have without a route (`views.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import read


def load_views(path: Path, api: ApiContract) -> Mapping[str, str]:
    """Operation -> the name of its view's class.

    Raises:
        ContractError: malformed, or a path below which the contract has no operation.
    """
    entries = read(path).mapping(required={"views"}, optional=set())["views"]
    found: dict[str, str] = {}
    for route, entry in entries.items():
        below = [said.id for said in api.operations.values() if said.path.startswith(route)]
        if not below:
            raise entry.error(f"{api.path.name} has no operation below {route}")
        found |= dict.fromkeys(below, entry.text())
    return found
