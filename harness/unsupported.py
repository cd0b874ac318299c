"""What a team says that its backend does not offer: believed only where the backend says so, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, CannotAssess
from coursegate.harness.observation import Exchange
from coursegate.harness.session import Bound

# How "not offered" is said (RFC 9110 §15.5.5, §15.5.6, §15.6.2).
NOT_OFFERED = frozenset({404, 405, 501})


@dataclass(frozen=True)
class Declaration:
    """One operation that is said not to be offered, and what it answers those who would be let in; with no answer, nobody
    could be asked.
    """

    operation: str
    reason: str
    seen: tuple[Exchange, ...]

    @property
    def holds(self) -> bool:
        return bool(self.seen) and all(item.answer.status in NOT_OFFERED for item in self.seen)

    @property
    def told(self) -> str:
        return f"not offered, its team says: {self.reason}"


def declarations(bound: Bound) -> Iterator[Declaration]:
    """Probe everything that is declared: as whoever must be let in, and as staff. Nothing that it writes stays."""
    cells = samples(bound.contract)
    for operation in bound.contract.api.operations:
        if reason := bound.agreement.why_unsupported(operation):
            cell = cells[operation]
            askers = dict.fromkeys([cell.principal, "staff"])
            seen = []
            for principal in askers:
                try:
                    request = bound.client.request(replace(cell, principal=principal))
                    with bound.target.undone():
                        seen.append(Exchange(request, bound.target.send(request)))
                except (CannotAsk, CannotAssess):  # its cells say why it cannot be asked
                    continue
            yield Declaration(operation, reason, tuple(seen))


def not_offered(bound: Bound) -> dict[str, str]:
    """The operations that are declared so and answer so -> why, as the team says."""
    return {found.operation: found.told for found in declarations(bound) if found.holds}
