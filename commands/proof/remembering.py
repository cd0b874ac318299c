"""What has been proved already, for as long as patch, backend, contract and checks are what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from coursegate.commands.proof.conclusions import GOOD, Conclusion, Outcome
from coursegate.commands.proof.defects import Patch
from coursegate.commands.run_options import ROOT, cache_folder
from coursegate.harness.report.gate_json import write_whole

# Everything that decides what a run comes to.
SOURCES = ("backend", "commands", "contracts", "factories", "harness", "suites")
CODE = frozenset({".py", ".yaml", ".json", ".txt", ".po", ".html"})


@dataclass
class Memory:
    """Conclusions by the digest of all that led to them; only good ones are kept."""

    path: Path
    whole: bool
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def opened(cls, *, whole: bool) -> Memory:
        path = cache_folder() / "proof.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        return cls(path, whole, known if isinstance(known, dict) else {})

    def recall(self, patch: Patch) -> Conclusion | None:
        told = self.known.get(self._key(patch.path))
        if told is None:
            return None
        return Conclusion(**{**told, "outcome": Outcome(told["outcome"]), "failed": tuple(told["failed"])})

    def keep(self, conclusion: Conclusion) -> None:
        if conclusion.outcome not in GOOD:
            return
        self.known[self._key(ROOT / "defects" / f"{conclusion.id}.patch")] = conclusion.as_dict()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, json.dumps(self.known) + "\n")

    def _key(self, patch: Path) -> str:
        digest = hashlib.blake2s(patch.read_bytes())
        digest.update(f"{patch.stem} {self.whole} {_digest_of_sources()}".encode())
        return digest.hexdigest()


@cache
def _digest_of_sources() -> str:
    digest = hashlib.blake2s()
    for file in _files():
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterable[Path]:
    for name in SOURCES:
        yield from (
            file for file in sorted((ROOT / name).rglob("*")) if file.suffix in CODE and file.is_file()
        )
    yield ROOT / "pyproject.toml"
