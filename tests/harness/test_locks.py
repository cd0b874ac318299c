"""What locks rows is told from what locks nothing."""

from __future__ import annotations

import pytest

from coursegate.harness.probing.locks import locks_rows_of

ROWS = (
    'SELECT "courses_course"."id" FROM "courses_course" WHERE "courses_course"."id" = %s LIMIT 21 FOR UPDATE'
)
TOTAL = 'SELECT MAX("courses_course"."version") AS "newest" FROM "courses_course" FOR UPDATE'


@pytest.mark.parametrize(
    ("sql", "table", "locks"),
    [(ROWS, "courses_course", True), (ROWS, "courses_module", False), (TOTAL, "courses_course", False)],
)
def test_rows_of_a_table_are_locked(sql: str, table: str, locks: bool) -> None:
    """A statement locks rows of the table that it reads from, unless it reads a total over them."""
    assert locks_rows_of(sql, table) is locks
