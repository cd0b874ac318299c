"""Binding a started target: its tables, its world, a client that asks as everybody."""

from __future__ import annotations

from coursegate.contracts.contract import Contract
from coursegate.factories.world import build_world
from coursegate.harness.client import Client
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.database import create_tables
from coursegate.harness.targets.source import SourceTarget


def bind(binding: Binding, contract: Contract, seed: str) -> Bound:
    """Build the world in a target whose Django has started in this process."""
    create_tables()
    world = build_world(contract.world, seed)
    target = SourceTarget(binding)
    return Bound(contract, target, world, Client(target, world, contract))
