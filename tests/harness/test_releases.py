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
        ({"1_initial": [MAKES], "2": [CHANGES], "3": [CHANGES]}, []),
        ({"1_initial": [MAKES], "2_initial": [MAKES], "3": [CHANGES]}, ["2_initial"]),
        ({"1": [MAKES], "2": [CHANGES]}, ["1"]),
    ],
)
def test_rows_are_stored_before_the_only_migration_that_is_not_initial(
    steps: Mapping[str, Sequence[object]], expected: list[str]
) -> None:
    """Where nobody says what the previous release was, rows are stored before the last migration, if there is no other."""
    last = "courses", list(steps)[-1]

    assert [name for _, name in states_to_store_at(_graph(steps), last)] == expected


STEPS: dict[str, Sequence[object]] = {
    "0001_initial": [MAKES],
    "0002_a": [CHANGES],
    "0003_b": [MAKES],
    "0004_c": [CHANGES],
}


@pytest.mark.parametrize(
    ("former", "expected"),
    [("0001", ["0001_initial", "0003_b"]), ("0002_a", ["0002_a", "0003_b"]), ("0003", ["0003_b"])],
)
def test_rows_are_stored_where_the_previous_release_ended(former: str, expected: list[str]) -> None:
    """Rows are stored at the migration that the team names, and after each later one but the last that makes a model."""
    found = states_to_store_at(_graph(STEPS), ("courses", "0004_c"), former)

    assert [name for _, name in found] == expected


@pytest.mark.parametrize("former", ["0004", "0009", "c"])
def test_migration_that_there_is_not_is_told(former: str) -> None:
    """A name that no migration before the last one has is told, with that name."""
    with pytest.raises(LookupError, match=former):
        states_to_store_at(_graph(STEPS), ("courses", "0004_c"), former)
