"""Runs as tests of the report imagine them: a red one, and what it takes to make others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.gate_json import Result
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict


def cell(principal: str, subject: str = "lesson-premium", **said: Any) -> dict[str, Any]:
    operation = said.pop("operation", "lessons.retrieve")
    return {
        "id": f"access/{operation}/{subject}/{principal}",
        "suite": "access",
        "operation": operation,
        "principal": principal,
        "subject": subject,
        "expected": "locked",
        "seen": "200",
        "verdict": "pass",
        "reason": "",
        "kind": "",
        "cause": "",
        "curl": f'curl -sS -H "Authorization: Bearer $TOKEN_{principal.upper()}" "$BASE_URL/api/lessons/6/"',
        "findings": ["policy 4", "ARCH-01"],
        **said,
    }


def broken(principal: str, kind: str, cause: str, **said: Any) -> dict[str, Any]:
    return cell(
        principal, **{"verdict": "fail", "kind": kind, "cause": cause, "reason": f"{cause}, as seen", **said}
    )


def route(path: str, **said: Any) -> dict[str, Any]:
    words = {"suite": "inventory", "principal": "", "subject": path, "expected": "routed", "curl": ""}
    return {**cell(""), "id": f"inventory/routes/GET {path}", "findings": [], **words, **said}


RED = (
    broken("guest", "form", "a wrong form", operation="notes.update"),
    broken("peer", "form", "a wrong form", operation="notes.update"),
    broken("guest", "leak", "lessons.retrieve leaks content"),
    cell("guest", "lesson-guest"),
    cell("staff"),
    cell("owner", verdict="blocked", reason="its allowed twin is refused as well"),
    cell("lapsed", verdict="not-assessed", reason="throttled"),
    cell("former", verdict="waived", reason="until spring"),
    route("/api/lessons/{pk}/"),
    route(
        r"/api/(?P<x>\d+) y/",
        verdict="fail",
        kind="form",
        cause="routed, not described",
        reason="no operation",
    ),
    route("/api/gone/", verdict="not-applicable", reason="no route: the operation is optional"),
)


def result(*cells: dict[str, Any], **said: Any) -> Result:
    rungs = [RungResult(name, Verdict.PASS) for name in ("source", "imports", "start", "database", "http")]
    binding = Binding(Path("/somewhere/backend"), "shop.settings")
    result = Result("fail" if cells else "error", 1, binding, rungs, cells, len(cells), "seed", 12.34)
    return replace(result, **said)


def large(contract: Contract, *, checks: int = 5000, failures: int = 500) -> Result:
    """A run of so many checks, of which so many fail, spread over the API, the findings and some forty causes."""
    findings = list(contract.findings)
    operations, principals = list(contract.api.operations), contract.world.principals
    kinds = ("leak", "effect", "error", "form", "form")
    cells = []
    for number in range(checks):
        operation = operations[number % len(operations)]
        who = principals[number // len(operations) % len(principals)]
        subject = f"subject-{number // len(operations) // len(principals)}"
        cited = [f"policy {number % 12 + 1}", findings[number % len(findings)]]
        if number % (checks // failures):
            cells.append(cell(who, subject, operation=operation, findings=cited))
        else:
            kind = kinds[number // (checks // failures) % len(kinds)]
            cause = f"{operation} does not keep its promise" if number % 40 else "what all have in common"
            reason = f"{cause}: " + "lesson-premium.content reached somebody whom it is not for; " * 4
            cells.append(
                broken(who, kind, cause, subject=subject, operation=operation, findings=cited, reason=reason)
            )
    return result(*cells)
