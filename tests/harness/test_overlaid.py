"""What a target stores beside its settings stays with the gate: files of its fields, rows of its replicas, its tasks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coursegate.harness.probing.interpreter import run_fresh
from coursegate.harness.targets.binding import AS_IS_VARIABLE, DATABASE_VARIABLE, Binding, Database
from coursegate.tests.harness import overlaid


def _told(root: Path, part: str, **environment: str) -> Any:
    overlaid.write(root)
    program = "import sys; from coursegate.tests.harness import overlaid; overlaid.main(sys.argv[1])"
    done = run_fresh(Binding(root, "shop.settings"), program, arguments=[part], environment=environment)
    assert done.code == 0, done.err
    return json.loads(done.out.splitlines()[-1])


def test_no_file_is_stored_in_the_checkout(tmp_path: Path) -> None:
    """Whatever storage a field names, its files go to the scratch folder; addresses and migrations stay the team's."""
    told = _told(tmp_path, "files")

    assert not (tmp_path / "protected").exists()
    assert not (tmp_path / "late").exists()
    assert not [name for name, path in told["paths"].items() if Path(path).is_relative_to(tmp_path)]
    assert told["urls"]["folder"].startswith("/protected/")
    assert told["urls"]["by_alias"].startswith("/protected/")
    assert told["deconstructed"] == "Bucket"
    assert "'protected'" in told["serialized"] or "/protected" in told["serialized"]
    assert told["own class"] == "sealed"


def test_fields_and_what_migrations_make_are_told(tmp_path: Path) -> None:
    """The list of replacements names each field, each model without a table, and each migration that is not run."""
    told = set(_told(tmp_path, "files")["told"])

    assert told >= {"courses.Resource.folder", "courses.Resource.bucket", "courses.Resource.by_callable"}
    assert told >= {"courses.Total", "courses/migrations/0001_total.py"}
    assert not told & {"courses.Resource.plain", "courses.Resource.by_alias"}


def test_a_language_of_its_own_makes_no_migration(tmp_path: Path) -> None:
    """What a model is called in the language of the backend is no change of it."""
    assert _told(tmp_path, "migrations") == "models have changed since the last migration of courses"


def test_a_backend_of_postgres_is_told_where_to_find_one(tmp_path: Path) -> None:
    """Whose own settings name PostgreSQL, by whatever engine, is told on SQLite how to have one; others are not."""
    *told, of_others = _told(tmp_path, "postgres")

    assert all("--db=postgres" in hint for hint in told)
    assert of_others == ""


@pytest.mark.parametrize("database", [Database.MEMORY, Database.DISK])
def test_a_replica_shows_what_is_not_committed(tmp_path: Path, database: Database) -> None:
    """A further alias is the default database: it shows its transaction, and takes part in it."""
    told = _told(tmp_path, "databases", **{DATABASE_VARIABLE: str(database)})

    assert told == {
        "kept": "",
        "here": 0,
        "after": 0,
        "refused": "DatabaseOperationForbidden",
        "aliases": ["default", "replica"],
    }


@pytest.mark.parametrize("as_is", ["", "1"])
def test_tasks_reach_no_broker_wherever_it_is_named(tmp_path: Path, as_is: str) -> None:
    """Old names of settings and what code says of an application give way as settings named CELERY_* do."""
    told = _told(tmp_path, "tasks", **{AS_IS_VARIABLE: as_is, "CELERY_BROKER_URL": "redis://x.example.test"})

    assert told["result"] == 3
    assert told["brokers"] == ["memory://", "memory://"]
    assert told["eager"] == [True, True]
