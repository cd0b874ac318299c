"""The backend started otherwise than it is: with other settings, or other libraries; all of it in one interpreter."""

from __future__ import annotations

import json
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe

ANOTHER_RATE = "7/min"

# Each variant is told in a process of its own, forked before anything of the backend but its settings is loaded.
PROGRAM = """
import importlib, importlib.abc, json, os, sys
from django.apps import apps
from django.conf import settings
settings.INSTALLED_APPS
framework = dict(getattr(settings, "REST_FRAMEWORK", {}))
markup, rate = sys.argv[1:3]
modules = sys.argv[3:]

def bleach_tags(kind):
    try:
        import bleach
    except ImportError:
        return {"absent": "bleach"}
    default = sorted(bleach.sanitizer.ALLOWED_TAGS)
    bleach.sanitizer.ALLOWED_TAGS = bleach.ALLOWED_TAGS = kind(default)
    apps.populate(settings.INSTALLED_APPS)
    from courses.views import draft_content
    cleaned = draft_content.sanitize_html_content(markup)
    return {"default": default, "tags": sorted(draft_content.SAFE_TAGS), "cleaned": cleaned}

def sensitive_rate():
    rates = {**framework.get("DEFAULT_THROTTLE_RATES", {}), "sensitive_api": rate}
    settings.REST_FRAMEWORK = {**framework, "DEFAULT_THROTTLE_RATES": rates}
    settings.SENSITIVE_API_THROTTLE_RATE = rate
    apps.populate(settings.INSTALLED_APPS)
    from courses.views.mixins import SensitiveAPIThrottle
    throttle = SensitiveAPIThrottle()
    return {"requests": throttle.num_requests, "seconds": throttle.duration}

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0].startswith("drf_spectacular"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

def no_spectacular():
    sys.meta_path.insert(0, Blocked())
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if not app.startswith("drf_spectacular")]
    schema = str(framework.get("DEFAULT_SCHEMA_CLASS", ""))
    if schema.startswith("drf_spectacular"):
        framework.pop("DEFAULT_SCHEMA_CLASS")
    settings.REST_FRAMEWORK = framework
    apps.populate(settings.INSTALLED_APPS)
    failed = {}
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as problem:
            failed[name] = f"{type(problem).__name__}: {problem}"
    told = {"failed": failed, "loaded": sorted(set(modules) - set(failed))}
    if "courses.views.public" in told["loaded"]:
        from courses.views.public import OpenApiParameter, extend_schema
        def handler():
            "What a handler says of itself."
        handler.mark = "kept"
        parameter = OpenApiParameter("q", str, description="words")
        for decorate in (extend_schema(parameters=[parameter], responses={200: None}), extend_schema(summary="a")):
            same = decorate(handler)
            told["handler"] = [same.__name__, same.__doc__, getattr(same, "mark", "lost")]
    return told

VARIANTS = {
    "list": lambda: bleach_tags(list),
    "frozenset": lambda: bleach_tags(frozenset),
    "rate": sensitive_rate,
    "no-spectacular": no_spectacular,
}
for name, tell in VARIANTS.items():
    sys.stdout.flush()
    process = os.fork()
    if not process:
        try:
            told = tell()
        except BaseException as problem:
            told = {"problem": f"{type(problem).__name__}: {problem}"}
        print(json.dumps({"variant": name, **told}))
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(process, 0)
"""

HOSTILE = (
    "<p>Words that stay</p><script>alert(1)</script><img src=x onerror=alert(2)>"
    '<a href="java\tscript:alert(3)">here</a><p onclick="alert(4)">open <b>for ever'
)


def started(on: Probe, variant: str) -> dict[str, Any]:
    """What the backend tells of itself when it is started as a variant of the program.

    Raises:
        AssertionError: it cannot be started so.
        NotApplicable: the library in question is not there.
    """
    done = on.once(
        "started otherwise", lambda: on.fresh(PROGRAM, arguments=[HOSTILE, ANOTHER_RATE, *view_modules(on)])
    )
    told = [json.loads(line) for line in done.out.splitlines() if line.startswith('{"variant"')]
    found = [one for one in told if one["variant"] == variant]
    assert found, f"starting it ends the process: {done.last_line}"
    if "absent" in found[0]:
        raise NotApplicable(f"{found[0]['absent']} cannot be imported: this backend does without it")
    assert "problem" not in found[0], found[0].get("problem")
    return dict(found[0])


def view_modules(on: Probe) -> list[str]:
    """Every module of the views, by its dotted name."""
    files = (file.removesuffix(".py").removesuffix("/__init__") for file in on.files("courses/views"))
    return [file.replace("/", ".") for file in files]
