"""How much of the database each answer took, told in a header: numbers that no other load on the machine changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection

from coursegate.load.visit import WORK_HEADER


def counted(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, with `X-Coursegate-Work: QUERIES/ROWS` on every answer.

    Rows are those that the request fetched, not those it showed: a filter in Python fetches what it then throws away.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        work = _Work()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (WORK_HEADER, f"{work.queries}/{work.rows}")], *rest)

        with connection.execute_wrapper(work):
            return application(environ, start)

    return answer


class _Work:
    def __init__(self) -> None:
        self.queries = self.rows = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.queries += 1
        wrapper = context["cursor"]
        if not isinstance(wrapper.cursor, _CountingCursor):
            wrapper.cursor = _CountingCursor(wrapper.cursor, self)
        return execute(sql, params, many, context)


class _CountingCursor:
    """A database cursor that counts what is fetched from it."""

    def __init__(self, cursor: Any, work: _Work) -> None:
        self.__dict__.update(_cursor=cursor, _work=work)

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        self._work.rows += row is not None
        return row

    def fetchmany(self, *size: int) -> Any:
        return self._counted(self._cursor.fetchmany(*size))

    def fetchall(self) -> Any:
        return self._counted(self._cursor.fetchall())

    def __iter__(self) -> Iterator[Any]:
        for row in self._cursor:
            self._work.rows += 1
            yield row

    def _counted(self, rows: Any) -> Any:
        self._work.rows += len(rows)
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._cursor, name, value)

    def __enter__(self) -> _CountingCursor:
        self._cursor.__enter__()
        return self

    def __exit__(self, *problem: Any) -> Any:
        return self._cursor.__exit__(*problem)
