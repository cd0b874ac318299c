"""What `coursegate prove` has shown of the checks themselves: `proof.json`, where it lies beside the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# How the proof of a patch ends well: its defect was noticed, or its honest alternative was let through.
GOOD = frozenset({"killed", "green"})


@dataclass(frozen=True)
class Patch:
    """One seeded defect, or one honest alternative, and how it ended."""

    id: str
    finding: str
    says: str
    outcome: str
    reason: str
    failed: int

    @property
    def is_good(self) -> bool:
        return self.outcome in GOOD

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Proof:
    """All that was proved; what did not end well first.

    Attributes:
        written: when.
    """

    written: datetime
    patches: Sequence[Patch]

    @property
    def families(self) -> dict[str, dict[str, int]]:
        """How many patches of a family ended how."""
        found: dict[str, dict[str, int]] = {}
        for patch in sorted(self.patches, key=lambda patch: patch.family):
            counts = found.setdefault(patch.family, {})
            counts[patch.outcome] = counts.get(patch.outcome, 0) + 1
        return found

    @property
    def bad(self) -> list[Patch]:
        return [patch for patch in self.patches if not patch.is_good]

    def of(self, finding: str) -> list[Patch]:
        return [patch for patch in self.patches if patch.finding == finding]


def read_proof(folder: Path) -> Proof | None:
    """The proof beside a report; None where there is none, or none that can be read."""
    path = folder / "proof.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        patches = [_patch(entry) for entry in data["patches"]]
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Proof(written, sorted(patches, key=lambda patch: (patch.is_good, patch.id)))


def _patch(entry: Mapping[str, Any]) -> Patch:
    words = {key: str(entry[key]) for key in ("id", "finding", "says", "outcome", "reason")}
    return Patch(**words, failed=len(entry["failed"]))
