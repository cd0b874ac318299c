"""What a target does with its caches, counted; and whether it sleeps."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from coursegate.harness.targets.binding import Binding

OPERATIONS = (
    "get",
    "set",
    "add",
    "delete",
    "touch",
    "incr",
    "get_many",
    "set_many",
    "delete_many",
    "has_key",
)


@contextmanager
def cache_operations() -> Iterator[list[str]]:
    """Collects the names of the operations on any cache inside; one that is made of others counts as those, too."""
    from django.core.cache import caches

    seen: list[str] = []
    with ExitStack() as stack:
        for kind in {type(caches[alias]) for alias in caches}:
            for name in OPERATIONS:
                stack.enter_context(patch.object(kind, name, _noting(seen, name, getattr(kind, name))))
        yield seen


def _noting(seen: list[str], name: str, operation: Any) -> Any:
    def noted(*arguments: Any, **named: Any) -> Any:
        seen.append(name)
        return operation(*arguments, **named)

    return noted


@contextmanager
def no_sleep(binding: Binding) -> Iterator[list[float]]:
    """Collects for how many seconds the backend wants to sleep inside, and spares it the wait."""
    asked: list[float] = []
    real = time.sleep
    holders = [
        module
        for module in list(sys.modules.values())
        if binding.owns(getattr(module, "__file__", None) or "")
    ]
    with ExitStack() as stack:
        stack.enter_context(patch("time.sleep", asked.append))
        for module in holders:
            for name in [name for name, value in vars(module).items() if value is real]:
                stack.enter_context(patch.object(module, name, asked.append))
        yield asked
