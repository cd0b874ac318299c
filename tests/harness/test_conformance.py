"""Every answer is held against the API contract as it passes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coursegate.contracts.contract import FOLDER
from coursegate.contracts.openapi import load_api
from coursegate.harness.judging.conformance import Conformance, conformance_of
from coursegate.harness.observation import Answer, Exchange, Request

CATEGORY = {"id": 1, "name": "A category", "slug": "a-category"}
PAGE = {"count": 1, "next": None, "previous": None, "results": [CATEGORY]}


@pytest.fixture(scope="module")
def conformance() -> Conformance:
    return Conformance(load_api(FOLDER / "openapi.yaml"))


def _answered(path: str, body: Any, status: int = 200, method: str = "GET") -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(Request(method, path), Answer(status, {"Content-Type": "text/html"}, raw))


@pytest.mark.parametrize(
    ("exchange", "about"),
    [
        (_answered("/api/categories/", {**PAGE, "metadata": {}}), "UX-03"),
        (_answered("/api/categories/", {**PAGE, "metadata": {"user_access_level": "gold"}}), "UX-03"),
        (_answered("/api/categories/", {**PAGE, "count": -1}), "COMPAT-01"),
        (_answered("/api/categories/", PAGE, 206), ""),
    ],
)
def test_a_key_is_told_as_that_of_its_finding(
    conformance: Conformance, exchange: Exchange, about: str
) -> None:
    """A key that a finding asks for is about it, other shapes about compatibility, a status about what is asked."""
    assert {problem.about for problem in conformance.problems(exchange)} == {about}


@pytest.mark.parametrize(
    ("exchange", "told"),
    [
        (_answered("/api/categories/?page=2", {**PAGE, "count": -1}), "$.count"),
        (
            _answered("/api/categories/", {**PAGE, "results": [{**CATEGORY, "slug": None}]}),
            "$.results.[].slug",
        ),
        (_answered("/api/categories/", {"count": 1}), "is not as the contract says"),
        *(
            (_answered("/api/categories/a-category/", {**CATEGORY, "created_date": time}), "$.created_date")
            for time in (
                "2026-11-29",
                "2026-11-29 10:00:00Z",
                "2026-11-29T25:00:00",
                "2026-11-29T10:00:00+05:53:28",
                "1972-11-29T10:00:00+00:44:30",
                "1893-03-31T25:00:00+00:53:28",
            )
        ),
        (_answered("/api/categories/", b"<html>"), "is no JSON, but text/html"),
        (_answered("/api/categories/", PAGE, 206), "the contract knows no 206 of it"),
        (_answered("/api/featured/", {"detail": "No."}, 400), "the contract knows no 400 of it"),
        (_answered("/api/user/subscription/cancel/", {"detail": "No."}, 402, "POST"), "knows no 402 of it"),
        (_answered("/api/categories/", {"message": "gone"}, 404), "is not as the contract says"),
    ],
)
def test_what_the_contract_does_not_describe_is_told(
    conformance: Conformance, exchange: Exchange, told: str
) -> None:
    """An undeclared status, a body of another shape and one that is no JSON are faults, with the place."""
    assert told in "; ".join(problem.text for problem in conformance.problems(exchange))


@pytest.mark.parametrize(("headers", "faults"), [({}, 0), ({"WWW-Authenticate": "Bearer"}, 1)])
def test_403_without_a_challenge_stands_for_401(
    conformance: Conformance, headers: dict[str, str], faults: int
) -> None:
    """Where credentials are asked for, 403 is no fault as long as there is no challenge to offer."""
    answer = Answer(403, {"Content-Type": "application/json", **headers}, b'{"detail": "No."}')

    exchange = Exchange(Request("POST", "/api/user/subscription/cancel/"), answer)
    assert len(list(conformance.problems(exchange))) == faults


@pytest.mark.parametrize(
    "exchange",
    [
        _answered("/api/categories/", PAGE),
        _answered("/api/categories/", b"", method="HEAD"),
        _answered("/api/categories/a-category/", CATEGORY),
        *(
            _answered("/api/categories/a-category/", {**CATEGORY, "created_date": time})
            for time in (
                "2026-11-29T10:00:00Z",
                "2026-11-29T10:00:00.123+05:30",
                "2026-11-29T10:00:00.123456",
                "1098-12-26T00:00:10+00:53:28",
                "1971-12-26T00:00:10-00:44:30",
            )
        ),
        _answered("/api/categories/", {"detail": "not here"}, 405, "DELETE"),
        _answered("/api/nowhere/", b"<html>", 404),
        _answered("/api/categories/", b"", 415),
        _answered("/api/featured/?page[]=1", {"detail": "There is no such parameter."}, 400),
        Exchange(
            Request("POST", "/api/user/subscription/cancel/", headers={"Cookie": "sessionid=s"}),
            Answer(403, {}, b'{"detail": "CSRF token missing."}'),
        ),
    ],
)
def test_what_it_describes_passes(conformance: Conformance, exchange: Exchange) -> None:
    """Answers as described, to nothing that is described, and those that the framework gives to everybody are none."""
    assert list(conformance.problems(exchange)) == []


def test_literal_paths_come_before_parameters(conformance: Conformance) -> None:
    """`/api/courses/featured/` is no course that is called featured."""
    featured = conformance.operation_of("GET", "/api/courses/featured/")
    one = conformance.operation_of("GET", "/api/courses/a-course/")

    assert featured is not None
    assert one is not None
    assert (featured.id, one.id) == ("courses.featured", "courses.retrieve")


def test_causes_hold_no_values(conformance: Conformance) -> None:
    """The same fault in two rows has one cause."""
    faults = [
        next(conformance.problems(_answered("/api/categories/", {**PAGE, "count": count})))
        for count in ("many", "few")
    ]

    assert faults[0].text != faults[1].text
    assert faults[0].cause == faults[1].cause


def test_one_judge_per_contract() -> None:
    """Schemas are compiled once."""
    api = load_api(FOLDER / "openapi.yaml")

    assert conformance_of(api) is conformance_of(api)


def test_a_fault_of_every_row_is_told_once(conformance: Conformance) -> None:
    """What is wrong in every row of a list does not hide what else is wrong in one of them."""
    rows = [{**CATEGORY, "slug": None} for _ in range(20)] + [{**CATEGORY, "name": 7}]

    told = [
        problem.text
        for problem in conformance.problems(_answered("/api/categories/", {**PAGE, "results": rows}))
    ]

    assert len(told) == 2
    assert "$.results.[].slug" in told[0]
    assert "$.results.[].name" in told[1]


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/api/lessons/no-number/", True),
        ("GET", "/api/lessons/1.5/", False),
        ("GET", "/api/lessons/a%2Fb/", False),
        ("GET", "/api/courses/a-course/", True),
        ("GET", "/api/courses/%C3%8B/", False),
        ("DELETE", "/api/instructor/resources/1/", True),
        ("DELETE", "/api/instructor/resources/-1/", False),
        ("GET", "/api/certificates/verify/CERT-1/", True),
        ("GET", "/api/certificates/verify/%C2%84/", False),
    ],
)
def test_page_of_the_framework_answers_what_no_route_takes(
    conformance: Conformance, method: str, path: str, told: bool
) -> None:
    """A missing page that is no JSON is told, but where the path is one that no route of the backend takes."""
    problems = list(conformance.problems(_answered(path, b"<h1>Not Found</h1>", 404, method)))

    assert bool(problems) is told


def test_a_list_that_the_backend_lacks_is_not_described(conformance: Conformance) -> None:
    """The page of the framework where a backend has no such operation, and need not have it, is no answer of one."""
    missing = _answered("/api/instructor/draft-content/", b"<h1>Not Found</h1>", 404)

    assert list(conformance.problems(missing))
    assert list(conformance.problems(missing, {"draft-content.list"})) == []
