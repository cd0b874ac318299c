"""What a started backend routes: its URLconf, walked to the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, get_resolver

from coursegate.contracts.openapi import METHODS
from coursegate.harness.inventory import ANY, Route

# DRF gives every route of a router a twin that names the format: `.json`.
_FORMAT = re.compile(r"(\\?\.<format>|<drf_format_suffix\w*:format>)/?$")
_PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


def routes() -> list[Route]:
    """Every route, each method once, in the order of the URLconf."""
    found: dict[tuple[str, str], Route] = {}
    for pattern, callback in _walk(get_resolver().url_patterns, ""):
        path = simplify_regex(pattern)
        if _FORMAT.search(path):
            continue
        path = _PARAMETER.sub(r"{\1}", path)
        for method in _methods(callback):
            found.setdefault((method, path), Route(method, path, _name(callback)))
    return list(found.values())


def _walk(patterns: Iterable[Any], above: str) -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        pattern = above + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern, entry.callback
        else:
            yield from _walk(entry.url_patterns, pattern)


def _methods(callback: Any) -> list[str]:
    """The methods that a view answers, without HEAD and OPTIONS; `ANY` where it is a plain function."""
    view = _view_class(callback)
    if view is None:
        return [ANY]
    given = getattr(callback, "initkwargs", None) or getattr(callback, "view_initkwargs", None) or {}
    names: Any = given.get("http_method_names") or getattr(view, "http_method_names", METHODS)
    allowed = {*METHODS} & {name.lower() for name in names}
    answered = getattr(callback, "actions", None) or {name for name in allowed if hasattr(view, name)}
    return [method.upper() for method in METHODS if method in allowed and method in answered]


def _view_class(callback: Any) -> Any:
    return getattr(callback, "cls", None) or getattr(callback, "view_class", None)


def _name(callback: Any) -> str:
    view = _view_class(callback) or callback
    return f"{getattr(view, '__module__', '')}.{getattr(view, '__qualname__', type(view).__name__)}"
