"""What a comparison leaves: comparison.json, comparison.md, and a line of the history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from coursegate.harness.atomic_file import write_whole
from coursegate.load.compare.decision import Effect
from coursegate.load.compare.session import Comparison


def as_data(found: Comparison, base: str, head: str) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "word": found.word,
        "why": found.why,
        "exit_code": found.exit_code,
        "base": base,
        "head": head,
        "storage": found.kept,
        "cpu_per_request": asdict(found.cpu) if found.cpu else None,
        "latency": asdict(found.latency) if found.latency else None,
        "statements": {name: list(both) for name, both in found.statements.items()},
        "pairs": [{"base": asdict(pair.base), "head": asdict(pair.head)} for pair in found.pairs],
    }


def write_comparison(data: dict[str, Any], found: Comparison, folder: Path) -> list[Path]:
    return [
        write_whole(folder / "comparison.json", json.dumps(data, indent=1) + "\n"),
        write_whole(folder / "comparison.md", "\n".join(markdown(found)) + "\n"),
    ]


def markdown(found: Comparison) -> Iterator[str]:
    """The result in a few lines."""
    yield f"## Load, head against base: {found.word}"
    yield ""
    if found.why:
        yield found.why
    for name, seen in (("processor time per request", found.cpu), ("median latency", found.latency)):
        if seen is not None:
            yield f"- {name}: {_said(seen)}" + (" (not judged)" if name == "median latency" else "")
    for operation, (before, after) in found.statements.items():
        yield f"- {operation}: {before:g} statements in the database before, {after:g} now"
    yield f"- {len(found.pairs)} pairs of windows, {found.kept}"


def _said(seen: Effect) -> str:
    return (
        f"{seen.ratio:+.1%} ({seen.low:+.1%} to {seen.high:+.1%}), p {min(seen.p_slower, seen.p_faster):.2g}"
    )


def remember(path: Path, found: Comparison, head: str) -> None:
    """Add a line to the history: what head took tonight, as medians over its windows."""
    if not found.pairs:
        return
    windows = [pair.head for pair in found.pairs]
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": head,
        "storage": found.kept,
        "windows": len(windows),
        "cpu_ms_per_request": round(median(window.cpu for window in windows), 4),
        "latency_ms": round(median(window.latency for window in windows), 3),
        "word": found.word,
    }
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
