"""A team's own rows (`access.local.yaml`) for its own operations (`openapi.local.yaml`): they add, and weaken nothing.

Both stand beside `coursegate.toml`, and are written as the contract's own files are; their operations are others than
those of the contract, so no row of theirs can say anything about ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from coursegate.contracts.access import AccessContract, load_access
from coursegate.contracts.declassified import Declassified
from coursegate.contracts.openapi import ApiContract, Operation, load_api
from coursegate.contracts.reading import ContractError
from coursegate.contracts.sources import check_sources
from coursegate.contracts.world import WorldContract

API, ACCESS = "openapi.local.yaml", "access.local.yaml"


def with_local(
    folder: Path,
    api: ApiContract,
    access: AccessContract,
    world: WorldContract,
    declassified: Declassified,
    sources: Collection[str],
) -> tuple[ApiContract, AccessContract]:
    """The contract with what a team adds; as it is where it adds nothing.

    Raises:
        ContractError: malformed, one file without the other, or an operation or route that the contract has already.
    """
    present = [(folder / name).is_file() for name in (API, ACCESS)]
    if not any(present):
        return api, access
    if not all(present):
        absent = (API, ACCESS)[present.index(False)]
        raise ContractError(folder / absent, 0, "is absent: an operation and its rows belong together")
    own = load_api(folder / API)
    _check_new(own, api.operations)
    rows = load_access(folder / ACCESS, own, world, declassified)
    check_sources(rows.path, rows.cells.values(), sources)
    tags = {**api.tags, **own.tags}
    return (
        replace(api, operations={**api.operations, **own.operations}, tags=tags),
        replace(access, cells={**access.cells, **rows.cells}),
    )


def _check_new(own: ApiContract, known: Mapping[str, Operation]) -> None:
    routes = {(said.method, said.path): name for name, said in known.items()}
    for name, operation in own.operations.items():
        if name in known:
            raise ContractError(
                own.path, 0, f"{name} is an operation of the contract: it cannot be said otherwise"
            )
        if taken := routes.get((operation.method, operation.path)):
            raise ContractError(
                own.path, 0, f"{operation.method} {operation.path} is {taken} of the contract"
            )
