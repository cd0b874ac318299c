"""What a backend's own code raises while it works, whether or not anybody is told of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

# How code ends a loop or says "not found" (RFC 9110 §15.5.5): nothing that anybody needs to hear of.
_ORDINARY = frozenset(
    {"StopIteration", "GeneratorExit", "Http404", "APIException", "ObjectDoesNotExist", "PermissionDenied"}
)


@contextmanager
def tracing_by(function: Callable[[FrameType, str, Any], Any]) -> Iterator[None]:
    """A block in which Python tells a function of each call, in this thread; whoever was told before is told again after it."""
    before = sys.gettrace()
    sys.settrace(function)
    try:
        yield
    finally:
        sys.settrace(before)


@contextmanager
def traced(owns: Callable[[str], bool]) -> Iterator[list[tuple[BaseException, str, int]]]:
    """Collects each exception that comes through a line of the backend's own: (exception, file, line), once each.

    Slow: for a request that is asked again because nobody knows why it went wrong.

    Args:
        owns: whether a file is the backend's own.
    """
    seen: list[tuple[BaseException, str, int]] = []

    def within(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            _note(seen, frame, argument)
        return within

    def entered(frame: FrameType, _event: str, _argument: Any) -> Any:
        return within if owns(frame.f_code.co_filename) else None

    with tracing_by(entered):
        yield seen


def _note(
    seen: list[tuple[BaseException, str, int]],
    frame: FrameType,
    raised: tuple[type[BaseException], Any, TracebackType | None],
) -> None:
    exception = raised[1]
    if not isinstance(exception, BaseException):
        return
    if _ORDINARY & {kind.__name__ for kind in type(exception).__mro__}:
        return
    # On its way up it comes through further lines; the first one is where it arose.
    if all(exception is not known for known, _, _ in seen):
        seen.append((exception, frame.f_code.co_filename, frame.f_lineno))
