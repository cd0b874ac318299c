"""A world as if it had been built, and answers as if a backend had given them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import Contract
from coursegate.harness.canaries import Canary, mint
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.verdict import problems_of
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.verdicts import Kind, Problem
from coursegate.harness.world import World

SLUGS = {"course-open": "open-course", "course-draft": "draft-course"}


def imagined_world(contract: Contract) -> World:
    """Ids, slugs and canaries of everything the contract names, but no backend."""
    world = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values()):
        world.ids[item.name] = 1000 + number
        world.lookups[item.name] = {"pk": str(1000 + number), "slug": SLUGS.get(item.name, item.name)}
        world.planted[item.name] = {field: mint("seed", item.name, field) for field in item.clearance}
        for field, token in world.planted[item.name].items():
            world.aviary.add(Canary(token, item.name, item.model, field, item.clearance[field]))
    return world


def answer(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    raw = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
    return Answer(status, headers or {"Content-Type": "application/json"}, raw)


def kinds_of(contract: Contract, world: World, cell_id: str, *answers: Answer, **more: Any) -> list[Kind]:
    return [problem.kind for problem in judged(contract, world, cell_id, *answers, **more)]


def judged(contract: Contract, world: World, cell_id: str, *answers: Answer, **more: Any) -> list[Problem]:
    return problems_of(evidence_of(contract, world, cell_id, *answers, **more))


def evidence_of(contract: Contract, world: World, cell_id: str, *answers: Answer, **more: Any) -> Evidence:
    cell: Cell = contract.access.cells[cell_id]
    pages = [Exchange(Request("GET", "/", cell.principal), given) for given in answers]
    subject = cell.subject if cell.subject in world.ids else ""
    return Evidence(
        cell,
        contract.api.operations[cell.operation],
        world,
        subject,
        pages,
        declassified=contract.declassified,
        **more,
    )


def whole(world: World, name: str, **changed: Any) -> dict[str, Any]:
    body: dict[str, Any] = {field: f"{token} text" for field, token in world.planted[name].items()}
    return {"id": world.ids[name], **body, **changed}


def page_of(world: World, names: list[str], count: int | None = None) -> Answer:
    rows = [{"id": world.ids[name], "title": world.planted[name]["title"]} for name in names]
    return answer(
        200, {"count": len(rows) if count is None else count, "next": None, "previous": None, "results": rows}
    )
