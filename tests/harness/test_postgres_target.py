"""A target on PostgreSQL and Valkey is undone, restored and cleared as one on SQLite and local memory is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import coursegate
from coursegate.harness.targets.database import FIRST_ID

PROGRAM = Path(__file__).with_name("postgres_target.py")
BACKEND = Path(coursegate.__file__).parent / "backend"


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What the program saw."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(BACKEND)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_tables_are_made_and_ids_start_high(seen: dict[str, Any]) -> None:
    """Every table is made from the models, and no id is small."""
    assert seen["notes"] == []
    assert seen["first_id"] >= FIRST_ID


def test_a_block_that_commits_is_put_back(seen: dict[str, Any]) -> None:
    """After `restored` every row is as it was when the block began, and the caches are empty."""
    assert seen["restored"]
    assert seen["restored_to_what_was_then"]


def test_a_failed_statement_undoes_itself_alone(seen: dict[str, Any]) -> None:
    """Inside `undone` a backend goes on after a statement that failed, as it would outside a transaction."""
    assert seen["goes_on_after_an_error"] == 1
    assert seen["inner_error"] == "DataError"
    assert seen["goes_on_after_an_inner_error"] == 1
    assert seen["undone"]


def test_requests_keep_the_connection(seen: dict[str, Any]) -> None:
    """A check that has used Django's own test client does not end the connection of the requests after it."""
    assert seen["after_a_test_client"] == [200, 200]


def test_time_passes_in_the_cache(seen: dict[str, Any]) -> None:
    """What would have expired by then is gone after the clocks were put on; the rest stays."""
    assert seen["after_two_hours"] == ["for-ever", "for-three-hours"]


def test_only_our_own_keys_are_cleared(seen: dict[str, Any]) -> None:
    """Clearing the cache leaves the keys of others in the same Redis alone."""
    assert seen["cleared"]
