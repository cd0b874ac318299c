"""What a team says that its backend does not offer: believed only where the backend says so, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coursegate.contracts.world import GUEST, STAFF
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, CannotAssess
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound

# How "not offered" is said (RFC 9110 §15.5.5, §15.5.6, §15.6.2).
NOT_OFFERED = frozenset({404, 405, 501})
SHUT = frozenset({401, 403})


@dataclass(frozen=True)
class Declaration:
    """One operation that is said not to be offered, and what it answers those who would be let in; with no answer, nobody
    could be asked.

    Attributes:
        optional: whether a backend may lack it. Then something else may stand there, for staff alone.
    """

    operation: str
    reason: str
    seen: tuple[Exchange, ...]
    optional: bool = False

    @property
    def holds(self) -> bool:
        return bool(self.seen) and (self._is_absent or self._is_something_else)

    @property
    def told(self) -> str:
        there = "not offered" if self._is_absent else "offered otherwise than the contract says"
        return f"{there}, its team says: {self.reason}"

    @property
    def _is_absent(self) -> bool:
        return all(item.answer.status in NOT_OFFERED for item in self.seen)

    @property
    def _is_something_else(self) -> bool:
        others = {item.request.principal: item.answer.status for item in self.seen}
        others = {principal: status for principal, status in others.items() if principal not in STAFF}
        is_asked = GUEST in others and len(others) > 1
        return self.optional and is_asked and set(others.values()) <= NOT_OFFERED | SHUT


def declarations(bound: Bound) -> Iterator[Declaration]:
    """Probe everything that is declared: as whoever must be let in, as staff, and what is optional as a guest, too. Nothing
    that it writes stays.
    """
    cells = samples(bound.contract)
    for operation in bound.contract.api.operations:
        if reason := bound.agreement.why_unsupported(operation):
            cell = cells[operation]
            optional = bound.contract.api.operations[operation].optional
            askers = dict.fromkeys([cell.principal, *STAFF, *([GUEST] if optional else [])])
            seen = []
            for principal in askers:
                try:
                    request = bound.client.request(replace(cell, principal=principal))
                    with bound.target.undone():
                        seen.append(Exchange(request, bound.target.send(request)))
                except (CannotAsk, CannotAssess):  # its cells say why it cannot be asked
                    continue
            yield Declaration(operation, reason, tuple(seen), optional)


def not_offered(bound: Bound) -> dict[str, str]:
    """The operations that are declared so and answer so -> why, as the team says."""
    return {found.operation: found.told for found in declarations(bound) if found.holds}
