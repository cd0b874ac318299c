"""A view of the gate's own in a target of this process, behind all its middleware."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

PATH = "/api/coursegate-probe/"


@contextmanager
def mounted(view: Callable[..., Any]) -> Iterator[str]:
    """The path at which the target answers with this view inside the block; its own routes stay."""
    from django.conf import settings
    from django.test import override_settings
    from django.urls import include, path

    own = settings.ROOT_URLCONF
    routes = ModuleType("coursegate_probe_urls")
    routes.__dict__["urlpatterns"] = [path(PATH.lstrip("/"), view), path("", include(own))]
    with override_settings(ROOT_URLCONF=routes):
        yield PATH
