"""Which tiers an operation has answered alike so far: as long as nothing tells them apart, one of them speaks for all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from coursegate.suites.fuzz.sending import TIERS, Trial

# Every so many cases everybody is asked again.
EVERYBODY_EVERY = 5


@dataclass
class Alike:
    """`said` holds what each tier was answered in the cases that were sent as everybody."""

    said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    sent: int = 0

    def tiers(self) -> tuple[str, ...]:
        """As whom the next case is sent."""
        self.sent += 1
        if self.sent <= 2 or self.sent % EVERYBODY_EVERY == 0:
            return TIERS
        first: dict[tuple[tuple[int, str], ...], str] = {}
        for tier in TIERS:
            first.setdefault(tuple(self.said.get(tier, ())), tier)
        return tuple(first.values())

    def note(self, trial: Trial) -> None:
        if len(trial.seen) == len(TIERS):
            for tier, told in answers(trial).items():
                self.said.setdefault(tier, []).append(told)


def answers(trial: Trial) -> dict[str, tuple[int, str]]:
    """Tier -> status and, where the operation only reads, what was read."""
    return {
        tier: (
            exchange.answer.status,
            hashlib.blake2s(exchange.answer.body).hexdigest() if trial.operation.is_safe else "",
        )
        for tier, exchange in trial.seen.items()
    }


def distinct(trial: Trial) -> tuple[str, ...]:
    """The tiers of a trial that were answered differently, those who see most first."""
    first: dict[tuple[int, str], str] = {}
    for tier, told in answers(trial).items():
        first.setdefault(told, tier)
    return tuple(first.values())
