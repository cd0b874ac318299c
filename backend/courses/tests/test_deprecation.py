"""Names that will go are marked in the served schema (ARCH-05, SER-06)."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

FORMER = {
    "Resource": {"file_size_display", "duration_display"},
    "Review": {"helpful_votes"},
    "UserProgressStats": {"hoursSpent"},
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    answer = APIClient().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    found: dict[str, Any] = json.loads(answer.content)["components"]["schemas"]
    return found


@pytest.mark.parametrize("name", FORMER)
def test_former_names_are_marked_and_no_others(name: str, schemas: dict[str, Any]) -> None:
    marked = {key for key, said in schemas[name]["properties"].items() if said.get("deprecated")}

    assert marked == FORMER[name]
