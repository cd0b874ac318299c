"""The whole contract, loaded in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.access import AccessContract, load_access
from coursegate.contracts.compat import Compat, load_compat
from coursegate.contracts.declassified import Declassified, load_declassified
from coursegate.contracts.findings import Finding, load_findings
from coursegate.contracts.local import with_local
from coursegate.contracts.openapi import ApiContract, load_api
from coursegate.contracts.outside import Outside, load_outside
from coursegate.contracts.policies import Policy, load_policies
from coursegate.contracts.standing import Change, load_standing
from coursegate.contracts.views import load_views
from coursegate.contracts.world import WorldContract, load_world

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Contract:
    api: ApiContract
    world: WorldContract
    access: AccessContract
    declassified: Declassified
    compat: Compat
    outside: tuple[Outside, ...]
    standing: tuple[Change, ...]
    findings: Mapping[str, Finding]
    views: Mapping[str, str]
    policies: Mapping[str, Policy]


def load_contract(folder: Path = FOLDER, size: int = 1, local: Path | None = None) -> Contract:
    """Read all contract files of a folder (default: the project's own), with the world in one of its sizes.

    Args:
        local: the folder in which a team may have rows of its own.

    Raises:
        ContractError: any of them is missing or says something it must not, with file and line.
    """
    api = load_api(folder / "openapi.yaml")
    world = load_world(folder / "world.yaml", size)
    declassified = load_declassified(folder / "declassified.yaml", api, world)
    access = load_access(folder / "access.yaml", api, world, declassified)
    if local is not None:
        api, access = with_local(local, api, access, world, declassified)
    return Contract(
        api=api,
        world=world,
        access=access,
        declassified=declassified,
        compat=load_compat(folder / "compat.yaml", api),
        outside=load_outside(folder / "outside.yaml"),
        standing=load_standing(folder / "standing.yaml", api, world),
        findings=load_findings(folder / "findings.yaml"),
        views=load_views(folder / "views.yaml", api),
        policies=load_policies(folder / "policies.yaml"),
    )
