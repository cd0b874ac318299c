"""The target's applications for a server: `granian coursegate.harness.targets.served:wsgi`, under the overlay.

The clock of the process can be put on from outside, so that nobody waits for a minute to pass.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import time_machine
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

# A file; the number in it is by how many seconds the clock is ahead.
CLOCK_VARIABLE = "COURSEGATE_CLOCK"
_backend = get_wsgi_application()


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One request, at the time that the clock says."""
    with _ahead():
        return list(_backend(environ, start_response))


def _asgi() -> Any:
    """The application that the target names, with whatever it serves besides HTTP."""
    named = getattr(settings, "ASGI_APPLICATION", None)
    return import_string(named) if named else get_asgi_application()


asgi = _asgi()


def _ahead() -> AbstractContextManager[Any]:
    file = Path(os.environ.get(CLOCK_VARIABLE, ""))
    seconds = float(file.read_text() or 0) if file.is_file() else 0.0
    if not seconds:
        return nullcontext()
    return time_machine.travel(
        time.time() + seconds, tick=True
    )  # a number: a datetime would bring its zone along
