"""The whole contract, loaded in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from coursegate.contracts.access import AccessContract, load_access
from coursegate.contracts.agreement import Agreement
from coursegate.contracts.bodies import with_bodies
from coursegate.contracts.columns import load_columns
from coursegate.contracts.compat import Compat, load_compat
from coursegate.contracts.corpus import Case, load_corpus
from coursegate.contracts.declassified import Declassified, load_declassified
from coursegate.contracts.findings import Finding, load_findings
from coursegate.contracts.local import with_local
from coursegate.contracts.openapi import ApiContract, load_api
from coursegate.contracts.outside import Outside, load_outside
from coursegate.contracts.policies import Policy, load_policies
from coursegate.contracts.policy import decided, decisions, load_policy
from coursegate.contracts.rows import with_rows
from coursegate.contracts.sources import check_sources
from coursegate.contracts.standing import Change, load_standing
from coursegate.contracts.views import load_views
from coursegate.contracts.world import WorldContract, load_world

FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False)  # one is loaded, and what is made of it is kept for it
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
    corpus: Mapping[str, tuple[Case, ...]]
    policies: Mapping[str, Policy]

    def takes_effect(self, change: str) -> bool:
        """Whether a change of standing takes effect: a team may have decided that one does not (`policy.yaml`)."""
        return any(known.name == change for known in self.standing)


def load_contract(folder: Path = FOLDER, size: int = 1, agreement: Agreement | None = None) -> Contract:
    """Read all contract files of a folder (default: the project's own), with the world in one of its sizes.

    Args:
        agreement: what a team says of its backend: rows of its own, and where shops differ.

    Raises:
        ContractError: any of them is missing or says something it must not, with file and line.
    """
    if folder == FOLDER and (agreement is None or agreement.path is None):
        return _own(size)
    return _read(folder, size, agreement)


@cache
def _own(size: int) -> Contract:
    """The project's own contract: it does not change while a process runs, nor for the processes forked from it."""
    return _read(FOLDER, size, None)


def _read(folder: Path, size: int, agreement: Agreement | None) -> Contract:
    api = load_api(folder / "openapi.yaml")
    world = load_world(folder / "world.yaml", size)
    declassified = load_declassified(folder / "declassified.yaml", api, world)
    access = load_access(folder / "access.yaml", api, world, declassified)
    standing = load_standing(folder / "standing.yaml", api, world, access)
    findings = load_findings(folder / "findings.yaml")
    policies = load_policies(folder / "policies.yaml")
    sources = {*findings, *policies}
    check_sources(access.path, access.cells.values(), sources)
    check_sources(folder / "standing.yaml", standing, sources)
    switches = load_policy(folder / "policy.yaml", api, access, standing)
    columns = load_columns(folder / "columns.yaml", api, world)
    if agreement is not None and agreement.path is not None:
        api = with_bodies(api, agreement.bodies, agreement.path)
        made = decisions(agreement.policy, switches, agreement.path)
        api, access, standing = decided(made, api, access, standing)
        api, access = with_local(agreement.path.parent, api, access, world, declassified, sources)
        world = with_rows(world, columns, agreement.rows, agreement.path)
        columns = columns.shown_by(api)  # what a team offers and sends besides is spoken of, too
    compat = replace(load_compat(folder / "compat.yaml", api), **(agreement.of_compat if agreement else {}))
    return Contract(
        api=api,
        world=world,
        access=access,
        declassified=replace(declassified, columns=columns),
        compat=compat,
        outside=load_outside(folder / "outside.yaml"),
        standing=standing,
        findings=findings,
        views=load_views(folder / "views.yaml", api),
        corpus=load_corpus(folder / "corpus", api),
        policies=policies,
    )
