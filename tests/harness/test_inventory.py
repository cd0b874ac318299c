"""The inventory holds what a backend routes against what the contract describes, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from coursegate.contracts.access import Outcome
from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.inventory import ANY, Line, Route, absent_operations, inventory, judge
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.verdicts import Verdict

LESSON = "inventory/routes/GET /api/lessons/{pk}/"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def _lines(contract: Contract, *changes: Route, without: str = "") -> dict[str, Line]:
    """The inventory of a backend that routes the whole contract, but for what is said."""
    operations = contract.api.operations.values()
    routes = [Route(operation.method, operation.path) for operation in operations if operation.id != without]
    said = [(route.method, route.path, route.view) for route in [*routes, *changes]]
    return inventory(contract, [RungResult("start", Verdict.PASS, extra={"routes": said})])


def _failures(lines: dict[str, Line]) -> list[str]:
    return [line.id for line in lines.values() if judge(line).verdict is Verdict.FAIL]


def test_backend_that_routes_the_contract_passes(contract: Contract) -> None:
    """Each operation is one line, and all of them pass where each has its route."""
    lines = _lines(contract)

    assert len(lines) == len(contract.api.operations)
    assert {judge(line).verdict for line in lines.values()} == {Verdict.PASS}


def test_parameters_may_have_other_names(contract: Contract) -> None:
    """A route with another name for its parameter, or a function that names no method, is the same route."""
    for route in (Route("GET", "/api/lessons/{lesson_id}/"), Route(ANY, "/api/lessons/{pk}/")):
        lines = _lines(contract, route, without="lessons.retrieve")

        assert _failures(lines) == []
        assert judge(lines[LESSON]).verdict is Verdict.PASS


def test_route_nobody_describes_fails_with_what_to_paste(contract: Contract) -> None:
    """An undescribed route fails; its reason holds a path and a row that are YAML as they stand."""
    lines = _lines(contract, Route("PATCH", "/api/courses/{slug}/secrets/{pk}/", "courses.views.Secrets"))

    judged = judge(lines["inventory/routes/PATCH /api/courses/{slug}/secrets/{pk}/"])
    path, row = judged.reason.split("# openapi.yaml\n")[1].split("# access.yaml\n")
    described = yaml.safe_load(path)["/api/courses/{slug}/secrets/{pk}/"]
    assert judged.verdict is Verdict.FAIL
    assert judged.seen == "routed to courses.views.Secrets"
    assert [parameter["name"] for parameter in described["parameters"]] == ["slug", "pk"]
    assert described["patch"]["operationId"] == "courses.secrets.partial_update"
    assert len(yaml.safe_load(row)["courses.secrets.partial_update"]["TODO"]["cells"]) == 9


def test_method_nobody_describes_fails(contract: Contract) -> None:
    """A further method on a described path is an undescribed route."""
    lines = _lines(contract, Route("DELETE", "/api/lessons/{pk}/"))

    assert _failures(lines) == ["inventory/routes/DELETE /api/lessons/{pk}/"]


def test_route_outside_the_judgement_is_left_alone(contract: Contract) -> None:
    """What outside.yaml lists is no line of the inventory."""
    assert len(_lines(contract, Route("GET", "/api/schema/"))) == len(contract.api.operations)


def test_operation_without_a_route_fails_by_name(contract: Contract) -> None:
    """An operation that nothing routes fails, named by its id."""
    lines = _lines(contract, without="lessons.retrieve")

    assert _failures(lines) == [LESSON]
    assert "lessons.retrieve is absent" in judge(lines[LESSON]).reason
    assert absent_operations(lines) == {}


def test_optional_operation_may_be_absent(contract: Contract) -> None:
    """An operation marked optional is not applicable where it has no route, and its cells are not asked."""
    lesson = replace(contract.api.operations["lessons.retrieve"], optional=True)
    marked = replace(
        contract, api=replace(contract.api, operations={**contract.api.operations, lesson.id: lesson})
    )

    lines = _lines(marked, without="lessons.retrieve")

    assert judge(lines[LESSON]).verdict is Verdict.NOT_APPLICABLE
    assert absent_operations(lines).keys() == {"lessons.retrieve"}


def test_operation_that_may_answer_absent_need_not_be_routed(contract: Contract) -> None:
    """Where a cell accepts 404 or 405 the route may be missing; the cells are asked all the same."""
    operation = next(
        cell.operation for cell in contract.access.cells.values() if Outcome.ABSENT in cell.outcomes
    )

    lines = _lines(contract, without=operation)

    assert _failures(lines) == []
    if not contract.api.operations[operation].optional:
        assert absent_operations(lines) == {}


def test_backend_that_does_not_start_blocks_every_line(contract: Contract) -> None:
    """Without a URLconf nothing is said about any route, and nothing is absent."""
    start = RungResult("start", Verdict.FAIL, ("urls.py:1: ImportError",), "everything above")

    lines = inventory(contract, [start])

    assert {judge(line).verdict for line in lines.values()} == {Verdict.BLOCKED}
    assert "urls.py:1: ImportError" in judge(lines[LESSON]).reason
    assert absent_operations(lines) == {}
