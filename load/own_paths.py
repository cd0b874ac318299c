"""The contract as a target has it: with its own paths, and with what it wants in bodies besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.bodies import with_bodies
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import ApiContract
from coursegate.harness.client import TOKEN_PATH
from coursegate.harness.targets.naming import naming_of

SIGN_IN = "token.obtain"


def own_paths(agreement: Agreement, api: ApiContract) -> dict[str, str]:
    """Operation -> its path in the target, with the contract's parameter; only of those that stand elsewhere.

    Raises:
        ContractError: the agreement speaks of operations that there are not.
    """
    naming = naming_of(agreement, api)
    named = {name: naming.own(operation.path) for name, operation in api.operations.items()}
    return {name: path for name, path in named.items() if path != api.operations[name].path}


def as_target_has(
    contract: Contract, paths: Mapping[str, str], bodies: Mapping[str, Mapping[str, Any]]
) -> Contract:
    """The contract as the target has it.

    Args:
        bodies: operation -> key -> what it wants in its body besides; they have been held against the contract.
    """
    api = with_bodies(contract.api, bodies, contract.api.path)
    operations = {
        name: replace(operation, path=paths.get(name, operation.path))
        for name, operation in api.operations.items()
    }
    return replace(contract, api=replace(api, operations=operations))


def sign_in_path(paths: Mapping[str, str]) -> str:
    return paths.get(SIGN_IN, TOKEN_PATH)
