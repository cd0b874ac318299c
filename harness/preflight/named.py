"""Packages that a target's settings name by dotted strings, and that nobody has installed."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from typing import Any

from coursegate.harness.preflight.describing import install_hint
from coursegate.harness.targets.binding import Binding

# Settings whose strings Django or DRF import at the latest with the first request.
_NAMING = ("INSTALLED_APPS", "MIDDLEWARE", "AUTHENTICATION_BACKENDS", "TEMPLATES", "REST_FRAMEWORK")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def absent_packages(settings: Any, binding: Binding) -> list[str]:
    """One line for each package that is named and cannot be found, with the settings that name it."""
    found: dict[str, list[str]] = {}
    for setting in _NAMING:
        for name in _names(getattr(settings, setting, ()), plain=setting == "INSTALLED_APPS"):
            top = name.split(".")[0]
            if not _exists(top):
                found.setdefault(top, []).append(setting)
    module = binding.settings
    return [
        f"{', '.join(dict.fromkeys(where))} of {module}: no module named {top!r} ({install_hint(top)})"
        for top, where in found.items()
    ]


def _names(value: Any, *, plain: bool) -> Iterator[str]:
    """Every string that names something to import; with `plain`, a bare word does too."""
    if isinstance(value, str):
        if _DOTTED.fullmatch(value) or (plain and value.isidentifier()):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _names(inner, plain=plain)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner, plain=plain)


def _exists(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):  # a module that is being loaded, or has no spec, is there
        return True
