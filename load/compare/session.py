"""A comparison from beginning to end: both checkouts served side by side, asked in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.contract import load_contract
from coursegate.contracts.world import GUEST
from coursegate.harness.targets.binding import Binding
from coursegate.harness.world_file import read_world
from coursegate.load.cast import Cast
from coursegate.load.compare.decision import Effect, effect
from coursegate.load.compare.windows import Pair, Side, pairs, risen
from coursegate.load.own_paths import as_target_has, own_paths, sign_in_path
from coursegate.load.scenarios.catalogue import arriving
from coursegate.load.serving.server import Building, Fleet, serving
from coursegate.load.serving.services import Services
from coursegate.load.serving.storage import several
from coursegate.load.signing import Tokens

# Of a window so many requests may go wrong before it says nothing about what an answer costs.
MOST_BAD = 0.02
VOID = "void"


@dataclass(frozen=True)
class Comparison:
    """What was found.

    Attributes:
        word: slower, faster, no difference, or void.
        why: of a void one.
        cpu, latency: None of a void one; only the processor time decides.
        statements: operation -> (base, head), where head asks its database more.
        kept: what the two stored their rows in.
    """

    word: str
    why: str
    pairs: tuple[Pair, ...]
    cpu: Effect | None
    latency: Effect | None
    statements: dict[str, tuple[float, float]]
    kept: str

    @property
    def exit_code(self) -> int:
        if self.word == VOID:
            return 5
        return 1 if self.word == "slower" or self.statements else 0


def compare(
    base: Binding,
    head: Binding,
    building: Building,
    scratch: Path,
    database: str,
    count: int,
    tell: Callable[[int, Pair], None],
) -> Comparison:
    """Compare two checkouts.

    Raises:
        CannotServe: one of them does not start.
        CannotSignIn: one of them gives no tokens.
        NoService: its database was asked for, and cannot be had.
    """
    with several(database) as another, ExitStack() as stack:
        kept = [another(""), another("")]
        before, after = (
            stack.enter_context(standing(name, binding, building, scratch / name, one.services))
            for name, binding, one in zip(("base", "head"), (base, head), kept, strict=True)
        )
        found = tuple(pairs(before, after, count, building.seed, tell))
    return concluded(found, kept[0].said)


@contextmanager
def standing(
    name: str, binding: Binding, building: Building, scratch: Path, services: Services
) -> Iterator[Side]:
    """One of the two, served by a single process."""
    scratch.mkdir()
    with serving(binding, building, scratch, services, Fleet(1, 4)) as served:
        contract = load_contract(building.contract, building.size)
        world = read_world(served.world).world(contract)
        principals = {who: None for scenario in arriving() for who in scenario.principals if who != GUEST}
        paths = own_paths(binding.agreement, contract.api)
        tokens = Tokens.prepared(served.url, world, principals, sign_in_path(paths))
        cast = Cast(world, as_target_has(contract, paths, binding.agreement.bodies))
        yield Side(name, served.url, cast, tokens, served.process.pid)


def concluded(found: tuple[Pair, ...], kept: str) -> Comparison:
    """The decision from the pairs; void where a window was not answered as promised."""
    for pair in found:
        for window in (pair.base, pair.head):
            if window.bad > MOST_BAD * window.requests:
                why = f"{window.side}: {window.bad} of {window.requests} requests of a window went wrong"
                return Comparison(VOID, why, found, None, None, {}, kept)
        if pair.base.requests != pair.head.requests:
            why = f"a pair of windows sent {pair.base.requests} and {pair.head.requests} requests"
            return Comparison(VOID, why, found, None, None, {}, kept)
    try:
        cpu = effect([pair.base.cpu for pair in found], [pair.head.cpu for pair in found])
        latency = effect([pair.base.latency for pair in found], [pair.head.latency for pair in found])
    except ValueError as problem:
        return Comparison(VOID, str(problem), found, None, None, {}, kept)
    return Comparison(cpu.word, "", found, cpu, latency, risen(found), kept)
