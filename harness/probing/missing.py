"""What a target was promised to have, and has not."""

from __future__ import annotations

import importlib
from typing import Any


class Missing(AssertionError):
    """A name or file that must be there is not. The text says which, and where it was looked for."""


def resolve(dotted: str) -> Any:
    """The object of a dotted name: the longest module that imports, and then its attributes.

    Raises:
        Missing: no such module, or no such attribute of it.
    """
    module, attributes = _module(dotted)
    found: Any = module
    for number, attribute in enumerate(attributes):
        if not hasattr(found, attribute):
            where = ".".join([module.__name__, *attributes[:number]])
            raise Missing(f"{where} has no {attribute}")
        found = getattr(found, attribute)
    return found


def _module(dotted: str) -> tuple[Any, list[str]]:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        try:
            return importlib.import_module(name), parts[length:]
        except ModuleNotFoundError as problem:
            # Something that the module itself imports and nobody has: that is another complaint.
            if problem.name is None or not f"{name}.".startswith(f"{problem.name}."):
                raise Missing(f"{name} does not import: {problem}") from problem
    raise Missing(f"there is no module {parts[0]}")
