"""What every trial needs, imported once in the process that they are forked from."""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from functools import cache

import pytest

from coursegate.commands.places import INI, ROOT
from coursegate.commands.proof.standing import standing_world
from coursegate.commands.proof.workshop import compile_backend
from coursegate.contracts.contract import load_contract
from coursegate.harness.report import html

# Third-party modules that the reference backend and pytest load anyway, and that do not look at settings.
PRELOADED = (
    *(
        "pytest",
        "_pytest.assertion.rewrite",
        "pytest_django.plugin",
        "xdist.plugin",
        "factory",
        "yaml",
        "jinja2",
    ),
    *(
        "django.test",
        "django.core.management",
        "django.core.handlers.wsgi",
        "django.db.backends.sqlite3.base",
    ),
    *("django.forms", "django.template.backends.django", "django.views.debug", "django.contrib.admin.utils"),
    *("django.contrib.postgres.fields", "django.contrib.postgres.search", "bleach", "bleach.css_sanitizer"),
    *(
        "celery",
        "celery.app.base",
        "kombu",
        "channels.routing",
        "jwt",
        "redis",
        "psycopg",
        "PIL.Image",
        "requests",
    ),
    *(
        "time_machine",
        "cryptography.hazmat.primitives.asymmetric.rsa",
        "uritemplate",
        "inflection",
        "jsonschema",
    ),
)
# A trial is short: to look for cycles as often as Python does takes it a tenth of its time.
OBJECTS_BETWEEN_COLLECTIONS = 100_000
# Imported before there is a pytest that could rewrite their assertions; what holds them is imported with them again.
_ANEW = (
    "coursegate.suites",
    "coursegate.commands.declared",
    "coursegate.commands.plugin",
    "coursegate.commands.selecting",
)
# Without what would bind a target, or start the Django of the shell.
_UNBOUND = (
    "-c",
    str(INI),
    f"--rootdir={ROOT}",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:coursegate",
    "-p",
    "no:django",
)


@cache
def preload() -> None:
    """Import what every trial needs, once; what this environment lacks is lacking in the trials, too."""
    for name in PRELOADED:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    for name in [name for name in sys.modules if name.startswith(_ANEW)]:
        del sys.modules[name]
    templates = html.environment()
    for name in templates.list_templates(extensions=["jinja"]):
        templates.get_template(name)
    compile_backend()
    pytest.main([*_UNBOUND], plugins=[_Loader()])
    standing_world()
    gc.collect()
    gc.freeze()  # else every trial would look through all of it again, and by that copy it
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


class _Loader:
    """A plugin that imports the checks in a pytest, so that their assertions tell in a trial what they have compared."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self) -> int:
        importlib.import_module("coursegate.commands.plugin")
        rooms = importlib.import_module("coursegate.suites.rooms")
        rooms.checks_by_room(load_contract())
        return 0
