"""`gate.sarif`: what is not kept, for code scanning (SARIF 2.1.0, OASIS), each result in the target's own file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursegate import __version__
from coursegate.contracts.contract import Contract
from coursegate.harness.atomic_file import write_whole
from coursegate.harness.report.causes import causes_of
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.located import Files, Spot
from coursegate.harness.report.promises import Promise, cited_by, promises_of
from coursegate.harness.verdicts import Kind, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Code scanning shows no more of one run; the gravest come first.
MOST_RESULTS = 5000
MOST_TEXT = 1000
ROOT = "SRCROOT"
# Where in its file a cause stands may change; it is the same cause.
_LINE = re.compile(r":\d+")
_GRAVITY = [str(kind) for kind in Kind]


def write_sarif(result: Result, contract: Contract, folder: Path) -> Path:
    """Write `gate.sarif`, whole or not at all.

    Raises:
        OSError: the folder has become unwritable.
    """
    text = json.dumps(sarif_of(result, contract), indent=1, ensure_ascii=False) + "\n"
    return write_whole(folder / "gate.sarif", text)


def sarif_of(result: Result, contract: Contract) -> dict[str, Any]:
    """The log: one run, one result per check that is not kept and per cause that breaks a rung of the preflight."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(result, contract).as_dict()]}


class _Run:
    def __init__(self, result: Result, contract: Contract) -> None:
        self.result, self.contract = result, contract
        self.files = Files(result, contract)
        self.rules: dict[str, dict[str, Any]] = {}
        self.deferred = frozenset(result.deferred)

    def as_dict(self) -> dict[str, Any]:
        cells = [cell for cell in self.result.cells if cell["verdict"] in {Verdict.FAIL, Verdict.WAIVED}]
        cells.sort(key=lambda cell: (cell["id"] in self.deferred, _gravity(cell)))
        results = [*self._rungs(), *(self._cell(cell) for cell in cells)]
        run: dict[str, Any] = {
            "tool": {
                "driver": {
                    "name": "coursegate",
                    "semanticVersion": __version__,
                    "rules": list(self.rules.values()),
                }
            },
            "automationDetails": {"id": "coursegate/"},
            "results": results[:MOST_RESULTS],
            "invocations": [self._invocation(len(results))],
            "properties": {"verdict": self.result.verdict, "seed": self.result.seed},
        }
        if self.files.top is not None:
            run["originalUriBaseIds"] = {ROOT: {"uri": f"{self.files.top.as_uri()}/"}}
        return run

    def _cell(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        promises = promises_of(cited_by(cell), self.contract)
        replay = self.result.replay(cell["id"])
        who = f"{cell['operation'] or cell['suite']}{' as ' if cell['principal'] else ''}{cell['principal']}"
        text = f"{who}: {_short(cell['reason'] or cell['cause'])}"
        told = [
            text,
            f"Expected {cell['expected']}, seen {cell['seen']}.",
            f"Promised by {'; '.join(f'{promise.id}: {promise.title}' for promise in promises)}.",
            f"Ask again: {replay}",
        ]
        found = {
            **self._result(promises[0], self._level(cell, promises[0]), "\n".join(told), cell["id"]),
            "locations": [self._location(spot, cell["id"]) for spot in self.files.spots(cell, promises)[:1]],
            "relatedLocations": [
                {**self._location(spot), "id": number, "message": {"text": "also named by the audit"}}
                for number, spot in enumerate(self.files.spots(cell, promises)[1:], start=1)
            ],
            "properties": {
                **{
                    key: cell[key]
                    for key in ("kind", "operation", "principal", "subject", "expected", "seen")
                },
                "findings": cell["findings"],
                "request": cell["curl"],
                "replay": replay,
                "deferred": cell["id"] in self.deferred,
            },
        }
        if self.result.since:
            new = cell["id"] in {*self.result.since.newly_failing, *self.result.since.failing_otherwise}
            found["baselineState"] = "new" if new else "unchanged"
        if cell["verdict"] == Verdict.WAIVED:
            found["suppressions"] = [{"kind": "external", "justification": cell["reason"]}]
        return found

    def _rungs(self) -> list[dict[str, Any]]:
        """What breaks the preflight: one result per cause."""
        found = []
        for rung in self.result.preflight:
            promise = Promise(
                f"preflight/{rung.rung}",
                f"The backend does not get past the rung “{rung.rung}”",
                "A backend that is judged is read, imported, started, given a database and asked over HTTP, in this order.",
            )
            for cause in rung.causes if rung.verdict is Verdict.FAIL else ():
                spot = next(self.files.named_in(cause), self.files.manage)
                blocks = f"Blocks {rung.blocks}.\n" if rung.blocks else ""
                again = f"Ask again: coursegate doctor {self.result.binding.options}"
                text = f"{_short(cause)}\n{blocks}{again}"
                result = self._result(promise, "error", text, f"{promise.id}/{_LINE.sub('', cause)}")
                found.append({**result, "locations": [self._location(spot)]})
        return found

    def _result(self, promise: Promise, level: str, text: str, identity: str) -> dict[str, Any]:
        self.rules.setdefault(promise.id, _rule(promise))
        digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
        return {
            "ruleId": promise.id,
            "ruleIndex": list(self.rules).index(promise.id),
            "level": level,
            "message": {"text": text},
            # The first is the one by which code scanning knows a result again; both are made of the check's id.
            "partialFingerprints": {"primaryLocationLineHash": f"{digest}:1", "coursegateCheck/v1": digest},
        }

    def _level(self, cell: Mapping[str, Any], promise: Promise) -> str:
        if cell["id"] in self.deferred:
            return "note"
        return "warning" if cell["kind"] == Kind.FORM and promise.severity == "minor" else "error"

    def _location(self, spot: Spot, name: str = "") -> dict[str, Any]:
        artifact = {"uri": spot.uri, **({"uriBaseId": ROOT} if self.files.top else {})}
        found: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": spot.line}}
        }
        if name:
            found["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "check"}]
        return found

    def _invocation(self, found: int) -> dict[str, Any]:
        texts = [("error", error) for error in self.result.harness_errors]
        for cause in causes_of(self.result.cells, {Verdict.BLOCKED, Verdict.NOT_ASSESSED}):
            texts.append(("warning", f"{len(cause.cells)} {cause.kind}: {_short(cause.text)}"))
        if found > MOST_RESULTS:
            texts.append(("warning", f"{found - MOST_RESULTS} more results stand in gate.json"))
        return {
            "executionSuccessful": self.result.verdict not in {"error", "interrupted"},
            "exitCode": self.result.exit_code,
            "toolExecutionNotifications": [
                {"level": level, "message": {"text": text}} for level, text in texts
            ],
        }


def _gravity(cell: Mapping[str, Any]) -> int:
    return _GRAVITY.index(cell["kind"]) if cell["kind"] in _GRAVITY else len(_GRAVITY)


def _rule(promise: Promise) -> dict[str, Any]:
    finding = promise.finding
    parts = [
        ("The audit says", "\n".join(promise.quotes)),
        ("What is wrong", promise.wrong),
        ("Required", promise.required),
        ("Must keep working", promise.compat),
    ]
    told = [(title, text) for title, text in parts if text]
    rule: dict[str, Any] = {
        "id": promise.id,
        "shortDescription": {"text": promise.title},
        "fullDescription": {"text": promise.required or promise.title},
        "help": {
            "text": "\n\n".join(f"{title}: {text}" for title, text in told) or promise.title,
            "markdown": "\n\n".join(f"**{title}.** {text}" for title, text in told) or promise.title,
        },
        "defaultConfiguration": {"level": "warning" if promise.severity == "minor" else "error"},
    }
    if finding:
        rule["properties"] = {
            "tags": [finding.severity, f"phase-{finding.phase}"],
            "files": list(finding.files),
            "phase": finding.phase,
        }
    return rule


def _short(text: str) -> str:
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
