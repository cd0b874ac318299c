"""What a generator process knows: its order, or what Locust was started with by hand."""

from __future__ import annotations

import os
import random
import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from gevent.event import Event

from coursegate.contracts.contract import FOLDER, Contract, load_contract
from coursegate.harness.targets.deployment import check_url
from coursegate.harness.world import World
from coursegate.harness.world_file import WorldFile, read_world
from coursegate.load.cast import Cast
from coursegate.load.generator.recording import Buffer
from coursegate.load.order import ORDER_VARIABLE, Order, read_order
from coursegate.load.own_paths import as_target_has, sign_in_path
from coursegate.load.plan import Plan
from coursegate.load.scenarios.catalogue import arriving, chosen
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.signing import Tokens

WORLD_VARIABLE = "COURSEGATE_WORLD"
# By hand, hosts besides this machine that may be put under load.
HOST_VARIABLE = "COURSEGATE_ALLOW_HOST"
# By hand, each source of arrivals sends a journey so often a second, for as long as the run goes on.
RATE_BY_HAND = 0.25


@dataclass
class Setting:
    """Of this process.

    Attributes:
        order: what it was told; None where Locust was started by hand.
        share: its part of what may be written: its index, of how many.
        started: when the plan began, on this process's monotonic clock and in seconds since the epoch.
        accepting: whether journeys may begin.
        sent: requests so far.
        ordered: set once it is known what is to be done; before that no journey begins.
    """

    order: Order | None
    buffer: Buffer = field(default_factory=Buffer)
    share: tuple[int, int] = (0, 1)
    started: float | None = None
    accepting: bool = False
    sent: int = 0
    host: str = ""
    ordered: Event = field(default_factory=Event)

    @property
    def plan(self) -> Plan | None:
        return self.order.plan if self.order else None

    @cached_property
    def scenarios(self) -> list[Scenario]:
        return chosen(self.order.only if self.order else ())

    @cached_property
    def weights(self) -> int:
        return sum(scenario.weight for scenario in arriving(self.order.only if self.order else ()))

    @cached_property
    def contract(self) -> Contract:
        if self.order is None:
            return load_contract(FOLDER, self._file.size)
        contract = load_contract(Path(self.order.contract), self._file.size)
        return as_target_has(contract, self.order.paths, self.order.bodies)

    @cached_property
    def _file(self) -> WorldFile:
        return read_world(
            Path(self.order.world if self.order else os.environ.get(WORLD_VARIABLE, "world.json"))
        )

    @cached_property
    def world(self) -> World:
        return self._file.world(self.contract)

    @cached_property
    def cast(self) -> Cast:
        return Cast(self.world, self.contract, self.share, self.order.throttle if self.order else None)

    @cached_property
    def tokens(self) -> Tokens:
        if self.order:
            path = sign_in_path(self.order.paths)
            return Tokens.read(Path(self.order.tokens), self.order.host, self.world, path)
        hosts = os.environ.get(HOST_VARIABLE, "").split()
        return Tokens({}, check_url(self.host, hosts), self.world)

    @cached_property
    def chance(self) -> random.Random:
        seed = self.order.seed if self.order else uuid.uuid4().hex
        return random.Random(f"{seed}/{self.share[0]}")

    def obey(self, order: Order, share: tuple[int, int]) -> None:
        """Take an order that the master has sent; nothing of it has been read before."""
        self.order, self.share = order, share
        for name in ("scenarios", "weights", "contract", "_file", "world", "cast", "tokens", "chance"):
            self.__dict__.pop(name, None)

    def follow(self, plan: Plan) -> None:
        """Go on by another plan, which has been the same up to now."""
        assert self.order is not None
        self.order = replace(self.order, plan=plan)

    def may_send(self) -> bool:
        """Count one more request, if it may be sent."""
        most = self.order.most_requests // max(1, self.order.workers) if self.order else None
        if most is not None and self.sent >= most:
            return False
        self.sent += 1
        return True


def setting_of_process() -> Setting:
    path = os.environ.get(ORDER_VARIABLE)
    return Setting(read_order(Path(path)) if path else None)
