"""The inventory: what a backend routes and what the contract describes must be the same, both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursegate.contracts.access import Outcome
from coursegate.contracts.agreement import PREFIX
from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.path_templates import parameters_of, shape_of
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.targets.naming import Naming
from coursegate.harness.verdicts import NEEDS_SOURCE, Judgement, Kind, Verdict

# The method of a route whose view does not say which ones it answers.
ANY = "ANY"
NOT_ROUTED = "no route: the operation is optional, and this backend does not have it"
UNSEEN = f"{NEEDS_SOURCE}: what is routed cannot be seen over HTTP"


@dataclass(frozen=True)
class Route:
    """One method of one path; `view` is where its code stands."""

    method: str
    path: str
    view: str = ""

    @property
    def id(self) -> str:
        return f"inventory/routes/{self.method} {self.path}"

    def meets(self, other: Route) -> bool:
        """Whether both are the same route: parameters may be called differently."""
        if shape_of(self.path) != shape_of(other.path):
            return False
        return self.method == other.method or ANY in {self.method, other.method}


@dataclass(frozen=True)
class Line:
    """One line of the inventory: an operation, a route, or one that is both.

    Attributes:
        operation: what the contract describes; None where it says nothing.
        route: what the backend routes; None where it routes nothing, or nobody could look.
        optional: whether the backend may lack it: it is marked so, or some cell accepts `absent`.
        blocked: why nobody could look; "" where somebody could.
    """

    operation: Operation | None
    route: Route | None
    optional: bool = False
    blocked: str = ""

    @property
    def id(self) -> str:
        return self.named.id

    @property
    def named(self) -> Route:
        if self.operation is not None:
            return Route(self.operation.method, self.operation.path)
        assert self.route is not None
        return self.route

    @property
    def is_absent(self) -> bool:
        return self.route is None and not self.blocked


def inventory(
    contract: Contract, preflight: Sequence[RungResult], naming: Naming | None = None
) -> dict[str, Line]:
    """Every operation of the contract, then every route that none of them describes, by id.

    Args:
        naming: what the backend calls the contract's paths.
    """
    naming = naming or Naming()
    start = next((rung for rung in preflight if rung.rung == "start"), None)
    routed = [Route(*said) for said in start.extra.get("routes", ())] if start else []
    found = [replace(route, path=path) for route in routed if (path := naming.of_contract(route.path))]
    blocked = UNSEEN if start is None else f"blocked by preflight, rung start: {start.cause}"
    blocked = "" if start and "routes" in start.extra else blocked
    optional, lost = optional_operations(contract), _lost(preflight)
    lines = [
        Line(operation, _meeting(operation, found), operation.id in optional, lost.get(operation.id, blocked))
        for operation in contract.api.operations.values()
    ]
    described = [Route(operation.method, operation.path) for operation in contract.api.operations.values()]
    lines += [
        Line(None, route)
        for route in found
        if not any(route.meets(known) for known in described)
        and not any(outside.covers(route.path) for outside in contract.outside)
    ]
    return {line.id: line for line in lines}


def _lost(preflight: Sequence[RungResult]) -> dict[str, str]:
    """Operation -> why its view cannot be imported, of those that are not routed for that."""
    told = [cause for result in preflight if result.rung == "imports" for cause in result.causes]
    lost = {}
    for name, module in (item for result in preflight for item in result.extra.get("lost", {}).items()):
        cause = next(
            (cause for cause in told if f"(importing {module})" in cause), f"{module} is not imported"
        )
        lost[name] = f"blocked by preflight, rung imports: {cause}"
    return lost


def lost_operations(lines: Mapping[str, Line]) -> dict[str, str]:
    """The operations that nobody can ask, and why: what holds their view cannot be imported."""
    return {line.operation.id: line.blocked for line in lines.values() if line.operation and line.blocked}


def optional_operations(contract: Contract) -> set[str]:
    """The ids of what a backend may lack: as a path, or as a method of a path that it has."""
    methods = {cell.operation for cell in contract.access.cells.values() if Outcome.ABSENT in cell.outcomes}
    return methods | {operation.id for operation in contract.api.operations.values() if operation.optional}


def absent_operations(lines: Mapping[str, Line], mounted: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    """Optional operations that the backend does not route, and why nothing about them can be asked.

    Args:
        mounted: what the gate routes in its place.
    """
    routed = {name for entry in mounted for name in entry["operations"]}
    absent = (line.operation for line in lines.values() if line.operation and line.is_absent)
    return {
        operation.id: NOT_ROUTED for operation in absent if operation.optional and operation.id not in routed
    }


def judge(line: Line) -> Judgement:
    """The verdict on one line."""
    route, operation = line.named, line.operation
    verdict, seen, reason, cause = Verdict.PASS, "routed", "", ""
    if line.blocked:
        unseen = line.blocked == UNSEEN
        verdict = Verdict.NOT_ASSESSED if unseen else Verdict.BLOCKED
        seen, reason = "not looked at", line.blocked
        cause = "" if unseen else line.blocked
    elif operation is None:
        verdict, seen = Verdict.FAIL, f"routed to {route.view}"
        reason = f"{route.method} {route.path} is described by no operation of openapi.yaml\n{stub(route)}"
        cause = "the backend routes what the contract does not describe"
    elif line.route is None and line.optional:
        verdict, seen = Verdict.NOT_APPLICABLE, "no route"
        reason = NOT_ROUTED
    elif line.route is None:
        verdict, seen = Verdict.FAIL, "no route"
        reason = f"no route answers {route.method} {route.path}: {operation.id} is absent"
        cause = "the backend does not route what the contract describes"
    return Judgement(
        id=line.id,
        suite="inventory",
        operation=operation.id if operation else "",
        principal="",
        subject=route.path,
        expected="routed" if operation else "described",
        seen=seen,
        verdict=verdict,
        reason=reason,
        kind=Kind.FORM if verdict is Verdict.FAIL else "",
        cause=cause,
    )


def stub(route: Route) -> str:
    """What to paste: the path for openapi.yaml, and the row for access.yaml."""
    method = "get" if route.method == ANY else route.method.lower()
    return "\n".join([*_path_stub(route.path, method), *_row_stub(_operation_id(route.path, method))])


def _path_stub(path: str, method: str) -> Iterator[str]:
    yield "# openapi.yaml"
    yield f"  {path}:"
    if names := parameters_of(path):
        yield "    parameters:"
        yield from (
            f"      - {{name: {name}, in: path, required: true, schema: {{type: string}}}}" for name in names
        )
    yield f"    {method}:"
    yield f"      operationId: {_operation_id(path, method)}"
    yield "      x-model: courses.TODO"
    yield "      responses:"
    yield '        "200": {description: TODO}'


def _row_stub(operation: str) -> Iterator[str]:
    outcomes = ", ".join(["TODO"] * 9)
    yield "# access.yaml"
    yield f"  {operation}:"
    yield f"    TODO: {{cells: [{outcomes}], source: [TODO]}}"


def _operation_id(path: str, method: str) -> str:
    words = [word for word in path.removeprefix(PREFIX).split("/") if word and not word.startswith("{")]
    single = path.rstrip("/").endswith("}")
    read = "retrieve" if single else "list"
    verb = {"get": read, "post": "create", "put": "update", "patch": "partial_update", "delete": "destroy"}
    return ".".join([*words, verb[method]])


def _meeting(operation: Operation, routes: list[Route]) -> Route | None:
    wanted = Route(operation.method, operation.path)
    return next((route for route in routes if route.meets(wanted)), None)
