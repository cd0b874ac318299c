"""The ladder of a deployment: its world is what the file says, and what is above it is asked over HTTP."""

from __future__ import annotations

from dataclasses import replace

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import NEVER_EXISTED, Operation
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, Client
from coursegate.harness.inventory import NOT_ROUTED
from coursegate.harness.judging.likeness import difference
from coursegate.harness.observation import Answer, Request
from coursegate.harness.preflight.http import check_http
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.standing import world_rung
from coursegate.harness.session import Bound
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.targets.live import LiveTarget
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.verdicts import Verdict

NOWHERE = f"/api/{NEVER_EXISTED['slug']}/"


def bind(deployment: Deployment, contract: Contract) -> Bound:
    """The deployment, and a client that asks it as everybody.

    Raises:
        WorldFileError: the world file does not fit the contract.
    """
    world = deployment.file.world(contract)
    naming = naming_of(deployment.agreement, contract.api)
    target = LiveTarget(deployment.url, writes=deployment.writes, naming=naming, guards=deployment.guards)
    return Bound(contract, target, world, Client(target, world, contract), deployment.agreement)


def examine(deployment: Deployment, contract: Contract) -> list[RungResult]:
    """The two rungs that can be seen from outside.

    Raises:
        WorldFileError: the world file does not fit the contract.
    """
    bound = bind(deployment, contract)
    result = check_http(bound.client)
    if result.verdict is Verdict.FAIL and any("no known read" in cause for cause in result.causes):
        hint = f"is the world of {deployment.file.path} the one that stands behind {deployment.url}?"
        result = replace(result, notes=(hint,))
    return [world_rung(bound.world), result]


def absent_operations(bound: Bound) -> dict[str, str]:
    """Optional operations whose path answers staff exactly as a path does that nothing routes, and that they are none."""
    cells, client = samples(bound.contract), bound.client
    nowhere: Answer | None = None
    asked: dict[str, bool] = {}
    for operation in bound.contract.api.operations.values():
        if not operation.optional or operation.path in asked:
            continue
        try:
            request = client.request(replace(cells[operation.id], principal="staff"))
            nowhere = nowhere or bound.target.send(_read(request, NOWHERE))
            answer = bound.target.send(_read(request, request.path))
        except CannotAsk:  # then its cells cannot be asked either, and say so
            continue
        asked[operation.path] = _is_nowhere(bound, request, answer, nowhere)
    return {
        operation.id: NOT_ROUTED
        for operation in bound.contract.api.operations.values()
        if _is_absent(operation, asked)
    }


def _is_absent(operation: Operation, asked: dict[str, bool]) -> bool:
    return operation.optional and asked.get(operation.path, False)


def _read(request: Request, path: str) -> Request:
    return replace(request, method="GET", path=path, body=None)


def _is_nowhere(bound: Bound, request: Request, answer: Answer, nowhere: Answer) -> bool:
    """Whether an answer is the one for a path that nothing routes, but for the path and what differs by itself."""
    # Django's own page of a path that it does not know names it without the slash before it.
    paths = request.path.partition("?")[0].lstrip("/"), NOWHERE.lstrip("/")
    return answer.status == 404 and not difference(
        answer, nowhere, paths, lambda: bound.target.send(_read(request, NOWHERE))
    )
