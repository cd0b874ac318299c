"""Generated requests that are worth sending again: the corpus that every run replays (`cases.jsonl`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import ContractError

FILE = "cases.jsonl"
KEYS = frozenset({"operation", "path", "query", "body", "tiers", "phase"})


@dataclass(frozen=True)
class Case:
    """One request, before it is known as whom it is sent, and in which world.

    Attributes:
        path: what its path names the subject by, "" where it names none; "$(name.pk)" is an object of the world.
        query: names and values, in order.
        body: sent as JSON, or None for none; texts in it may name objects of the world as well.
        tiers: as whom it is worth sending; empty for everybody.
        phase: where it came from: examples, dictionary, coverage, fuzzing.
    """

    operation: str
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    tiers: tuple[str, ...] = ()
    phase: str = ""

    def line(self) -> str:
        """One line of JSON, the same for the same case; what is empty is left out."""
        told = {
            "operation": self.operation,
            "path": self.path,
            "query": [list(pair) for pair in self.query],
            "body": self.body,
            "tiers": list(self.tiers),
            "phase": self.phase,
        }
        kept = {key: value for key, value in told.items() if value or (key == "body" and value is not None)}
        return json.dumps(kept, sort_keys=True, ensure_ascii=True)


def sequence_hash(cases: Iterable[Case]) -> str:
    """What a sequence of cases is known by: the same requests in the same order, the same hash."""
    return hashlib.blake2s("\n".join(case.line() for case in cases).encode()).hexdigest()


def load_corpus(folder: Path, api: ApiContract) -> Mapping[str, tuple[Case, ...]]:
    """The committed cases by operation; none where a contract comes without.

    Raises:
        ContractError: a line is no case, or of an operation that does not exist.
    """
    path = folder / FILE
    found: dict[str, list[Case]] = {}
    if not path.is_file():
        return {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        case = _case(path, number, line)
        if case.operation not in api.operations:
            raise ContractError(path, number, f"no operation is called {case.operation!r}")
        found.setdefault(case.operation, []).append(case)
    return {operation: tuple(cases) for operation, cases in found.items()}


def _case(path: Path, number: int, line: str) -> Case:
    try:
        told = json.loads(line)
    except ValueError as problem:
        raise ContractError(path, number, f"is no JSON: {problem}") from None
    if not isinstance(told, dict) or "operation" not in told or told.keys() - KEYS:
        raise ContractError(path, number, f"is no case: expected an object of {', '.join(sorted(KEYS))}")
    return Case(
        operation=told["operation"],
        path=told.get("path", ""),
        query=tuple((str(name), str(value)) for name, value in told.get("query", ())),
        body=told.get("body"),
        tiers=tuple(told.get("tiers", ())),
        phase=told.get("phase", ""),
    )


def write_corpus(folder: Path, cases: Iterable[Case]) -> None:
    """Write the cases, sorted, each once."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = sorted({case.line() for case in cases})
    (folder / FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
