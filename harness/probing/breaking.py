"""A database that refuses one statement: does what was done before it stay, or is it all taken back?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def failing_statement(
    number: int, is_meant: Callable[[str], bool], problem: Exception
) -> Iterator[list[str]]:
    """The meant statement of that number raises the problem; with 0, none does. Yields those that were sent."""
    from django.db import connection

    sent: list[str] = []

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if is_meant(sql):
            sent.append(sql)
            if len(sent) == number:
                raise problem
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield sent
