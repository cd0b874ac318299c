"""How much of the database each answer took, told in a header: numbers that no other load on the machine changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from coursegate.harness.targets.fetching import observed_statements
from coursegate.load.visit import WORK_HEADER


def counted(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, with `X-Coursegate-Work: QUERIES/ROWS` on every answer.

    Rows are those that the request fetched, not those it showed: a filter in Python fetches what it then throws away.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with observed_statements() as statements:

            def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                work = f"{len(statements)}/{sum(statement.rows for statement in statements)}"
                return start_response(status, [*headers, (WORK_HEADER, work)], *rest)

            return application(environ, start)

    return answer
