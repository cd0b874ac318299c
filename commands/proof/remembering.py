"""What has been proved already, for as long as patch, backend, contract and checks are what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from coursegate.commands.places import ROOT, cache_folder
from coursegate.harness.atomic_file import write_whole

# Everything that decides what a run comes to.
SOURCES = ("backend", "commands", "contracts", "factories", "harness", "suites")
CODE = frozenset({".py", ".yaml", ".json", ".txt", ".po", ".html"})


@dataclass
class Memory:
    """What trials came to, by the digest of all that led to it; what is worth keeping is for the caller.

    Attributes:
        path: where it is kept, in the folder of caches of the user.
        asked: what tells one way of asking from another: the same patch may be put to more checks or to fewer.
    """

    path: Path
    asked: str
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def opened(cls, name: str, asked: str) -> Memory:
        path = cache_folder() / f"{name}.json"
        return cls(path, asked, stored(path))

    def recall(self, patch: bytes, name: str) -> dict[str, Any] | None:
        return self.known.get(self._key(patch, name))

    def keep(self, patch: bytes, name: str, told: dict[str, Any]) -> None:
        self.known[self._key(patch, name)] = told
        store(self.path, self.known)

    def _key(self, patch: bytes, name: str) -> str:
        digest = hashlib.blake2s(patch)
        digest.update(f"{name} {self.asked} {_digest_of_sources()}".encode())
        return digest.hexdigest()


def stored(path: Path) -> dict[str, Any]:
    """What a file of the cache holds; nothing where it is missing or damaged."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def store(path: Path, known: Mapping[str, Any]) -> None:
    """Write a file of the cache, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(known) + "\n")


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
