"""Fourth and fifth rung: the world stands in the target's database, and the API can be talked to."""

from __future__ import annotations

from coursegate.contracts.contract import Contract
from coursegate.factories.world import build_world
from coursegate.harness.client import Client
from coursegate.harness.preflight import http
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.migrations import outdated, unmigrated
from coursegate.harness.preflight.standing import world_rung
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.database import create_tables, hint_of_postgres
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.world import World


def check_database(contract: Contract, binding: Binding, seed: str) -> tuple[RungResult, World]:
    """Tables from the models, then the world, object by object; and whether migrations would have made them."""
    tables = create_tables()
    world = build_world(contract.world, seed)
    if outdatedness := outdated():
        world.notes.append(outdatedness)
    return world_rung(world, [*tables, *unmigrated(binding)], _hint()), world


def _hint() -> str:
    from coursegate.harness.targets import overlay_settings

    return hint_of_postgres(getattr(overlay_settings.own, "DATABASES", {}))


def check_http(contract: Contract, binding: Binding, world: World) -> RungResult:
    """The API is talked to in this process."""
    target = SourceTarget(binding, naming_of(binding.agreement, contract.api))
    return http.check_http(Client(target, world, contract))
