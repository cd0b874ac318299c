"""Which states of a backend's migrations stand for what it has released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from django.db import migrations, models
from django.db.migrations.graph import MigrationGraph

from coursegate.harness.probing.releases import states_to_store_at

MAKES = migrations.CreateModel("Page", fields=[("id", models.BigAutoField(primary_key=True))])
CHANGES = migrations.RunSQL("SELECT 1")


def _graph(steps: Mapping[str, Sequence[object]]) -> MigrationGraph:
    """A chain of migrations: those whose name ends in `initial` are so, and each does these operations."""
    graph, before = MigrationGraph(), None
    for name, operations in steps.items():
        kind = type(
            "Migration",
            (migrations.Migration,),
            {"initial": name.endswith("initial"), "operations": operations},
        )
        step = kind(name, "courses")
        graph.add_node(("courses", name), step)
        if before:
            graph.add_dependency(step, ("courses", name), ("courses", before))
        before = name
    return graph


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ({"1_initial": [MAKES]}, []),
        ({"1_initial": [MAKES], "2_initial": [CHANGES]}, []),
        ({"1_initial": [MAKES], "2": [CHANGES]}, ["1_initial"]),
        ({"1_initial": [MAKES], "2": [CHANGES], "3": [CHANGES]}, ["1_initial"]),
        ({"1_initial": [MAKES], "2_initial": [MAKES], "3": [CHANGES]}, ["2_initial"]),
        ({"1_initial": [MAKES], "2": [MAKES], "3": [CHANGES], "4": [MAKES]}, ["1_initial", "2"]),
        ({"1": [MAKES], "2": [CHANGES]}, ["1"]),
    ],
)
def test_rows_are_stored_in_the_first_release_and_where_a_model_is_new(
    steps: Mapping[str, Sequence[object]], expected: list[str]
) -> None:
    """Rows are stored at the end of the initial migrations, and after each later one but the last that makes a model."""
    last = "courses", list(steps)[-1]

    assert [name for _, name in states_to_store_at(_graph(steps), last)] == expected
