"""Binding a started target: its tables, its world, a client that asks as everybody."""

from __future__ import annotations

from coursegate.contracts.contract import Contract
from coursegate.factories.kept import kept_world
from coursegate.factories.world import build_world
from coursegate.harness.client import Client
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.database import create_tables
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.world import World


def settle(contract: Contract, seed: str) -> World:
    """Create the tables and build the world in a target whose Django has started in this process."""
    create_tables()
    return build_world(contract.world, seed)


def bind(binding: Binding, contract: Contract, seed: str) -> Bound:
    """The target with the world in it, and a client that asks it as everybody."""
    world = kept_world(contract.world, seed) or settle(contract, seed)
    target = SourceTarget(binding, naming_of(binding.agreement, contract.api))
    return Bound(contract, target, world, Client(target, world, contract), binding.agreement)
