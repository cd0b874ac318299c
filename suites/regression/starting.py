"""Start the backend in many ways, each in a process of its own, and tell what happened.

Nothing of a start is undone in the process that made it, so each way gets a fork of one that has started nothing.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path, PurePath
from typing import Any

from coursegate.harness.probing.probe import Probe

# The start after which every module of the app is loaded.
LOADS = "check"
STARTS = r"""
import importlib, inspect, io, json, os, sys, threading, warnings

for name in ("django.contrib.admin", "django.core.management", "django.db.backends.sqlite3.base",
             "rest_framework.viewsets", "rest_framework_simplejwt.tokens", "drf_spectacular.openapi", "celery",
             "bleach", "PIL.Image"):
    try:
        importlib.import_module(name)
    except Exception:
        pass  # of no use to this backend, or only once it has started

LOADS, *MODULES = sys.argv[1:]
STEPS = ("_initialize_metrics", "_setup_health_checks", "_initialize_performance_monitoring")
# How often is reported at the same time, how often at most in between, and how long somebody waits for a lock, in s.
ROUNDS, MOST, PATIENCE = 3, 200, 0.2


def watch(told, reachable):
    from django.db import OperationalError
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    for name in ("execute", "executemany"):
        def noting(self, sql, *rest, _plain=getattr(CursorWrapper, name), **more):
            told["statements"].append(str(sql)[:200])
            return _plain(self, sql, *rest, **more)
        setattr(CursorWrapper, name, noting)
    if not reachable:
        def refuse(self):
            raise OperationalError("the database cannot be reached")
        BaseDatabaseWrapper.connect = refuse


def start(told):
    import django
    from django.apps import apps

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        django.setup()
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join(2)
    told["statements"] = list(told["statements"])
    told["warnings"] = sorted({str(warning.message) for warning in seen
                               if issubclass(warning.category, RuntimeWarning)})
    config = apps.get_app_config("courses")
    told["status"] = getattr(config, "health_status", None)
    told["errors"] = [str(error) for error in getattr(config, "initialization_errors", ["there is no such attribute"])]
    return config


def describe(config, told):
    told["steps"] = {}
    for name in STEPS * 2:
        try:
            getattr(config, name)()
        except Exception as problem:
            told["steps"][name] = f"{type(problem).__name__}: {problem}"
    told["status_after_steps"] = getattr(config, "health_status", None)
    answers = {name: getattr(config, name)() for name in ("get_health_status", "get_performance_metrics")}
    told["dictionaries"] = {name: "dict" if isinstance(answer, dict) else type(answer).__name__
                            for name, answer in answers.items()}


def reporter_of(config):
    for name, method in inspect.getmembers(type(config), inspect.isfunction):
        if name.startswith("_"):
            continue
        takes = list(inspect.signature(method).parameters)[1:3]
        components, states = ("component", "component_name", "name"), ("status", "state", "health")
        if len(takes) == 2 and takes[0] in components and takes[1] in states:
            return name
    return ""


def at_each_step(call, between, enough):
    # Another thread acts at each step of the backend's own code inside a call, until it is enough: with a lock it has to
    # wait, without one it acts in between. No luck is needed.
    running = []

    def step(frame, event, _argument):
        if not frame.f_code.co_filename.startswith(os.getcwd()):
            return step
        frame.f_trace_opcodes = True
        if event == "opcode" and running and running[-1].is_alive():
            running[-1].join(PATIENCE / 20)  # it may have the lock by now, and has its turn
        elif event == "opcode" and not enough():
            running.append(threading.Thread(target=between, daemon=True))
            running[-1].start()
            running[-1].join(PATIENCE)
        return step

    sys.settrace(step)
    try:
        call()
    finally:
        sys.settrace(None)
    for thread in running:
        thread.join(30)


def race(config, told):
    told["reporter"] = reporter_of(config)
    if not told["reporter"]:
        return
    report, raised, names = getattr(config, told["reporter"]), [], []
    try:
        for word in ("ready", "degraded"):
            report("component-of-before", word)
    except Exception:
        told["reporter"] = ""  # it has components, or words for them, of its own
    if '"component-of-before"' not in json.dumps(config.get_health_status(), default=str):
        told["reporter"] = ""
    if not told["reporter"]:
        return

    def between():
        name = f"between-{len(names)}"
        names.append(name)
        try:
            report(name, "ready")
            json.dumps(config.get_health_status(), default=str)
        except Exception as problem:
            raised.append(f"{type(problem).__name__}: {problem}")

    for number in range(ROUNDS):
        names.append(f"own-{number}")
        at_each_step(lambda: report(f"own-{number}", "ready"), between, lambda: len(names) >= MOST)
    seen = json.dumps(config.get_health_status(), default=str)
    told["raised"], told["reported"] = raised, len(names)
    told["lost"] = sum(f'"{name}"' not in seen for name in names)
    before = config.get_health_status()
    kept = json.dumps(before, default=str)
    report("component-of-later", "degraded")
    told["snapshot_kept"] = json.dumps(before, default=str) == kept
    told["checks"] = {name: undone_by(config, report, name) for name in checks_of(config)}


def checks_of(config):
    # What asks the components how they are: a public method that needs nothing, and says that it is about health.
    return [name for name, method in inspect.getmembers(type(config), inspect.isfunction)
            if name.startswith(("run", "check", "refresh", "perform", "probe", "update")) and "health" in name
            and inspect.getsourcefile(method).startswith(os.getcwd()) and len(inspect.signature(method).parameters) == 1]


def undone_by(config, report, check):
    # Components that were ready, and of which another thread has told while the check ran that they are not.
    waiting, told = [f"known-{check}-{number}" for number in range(MOST)], []
    for name in waiting:
        report(name, "ready")

    def between():
        told.append(waiting.pop())
        report(told[-1], "degraded")

    between()
    if "degraded" not in word_of(config, told[0]):
        return 0  # it does not say how a single component is doing
    try:
        at_each_step(getattr(config, check), between, lambda: not waiting)
    except Exception:
        pass  # how the components are is not what is asked
    words = [word_of(config, name) for name in told]
    return sum("ready" in word and "degraded" not in word for word in words)


def word_of(config, name):
    seen = [json.loads(json.dumps(config.get_health_status(), default=str))]
    for part in seen:
        inner = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
        if isinstance(part, dict) and name in part:
            return json.dumps(part[name])
        seen += inner
    return ""


def load(modules, told):
    told["unloadable"] = {}
    for name in modules:
        try:
            importlib.import_module(name)
        except BaseException as problem:
            told["unloadable"][name] = f"{type(problem).__name__}: {problem}"[:300]


def run(name):
    told = {"start": name, "error": "", "statements": []}
    output, sys.stdout = sys.stdout, io.StringIO()
    try:
        sys.argv[:] = ["manage.py", name if name in COMMANDS else "runserver"]
        from django.conf import settings
        settings.DEBUG = name == "debug-on"
        watch(told, name != "unreachable")
        config = start(told)
        if name.startswith("debug"):
            describe(config, told)
        if name == "threads":
            race(config, told)
        if name == LOADS:
            load(MODULES, told)
    except BaseException as problem:
        told["error"] = f"{type(problem).__name__}: {problem}"
    output.write(json.dumps(told, default=str) + "\n")
    output.flush()
    os._exit(0)


COMMANDS = ("runserver", "test", "migrate", "makemigrations", "check")
sys.stdout.flush()
children = []
for name in ("debug-on", "debug-off", "unreachable", "threads", *COMMANDS):
    child = os.fork()
    if not child:
        run(name)
    children.append(child)
    if len(children) > 1:
        os.waitpid(children.pop(0), 0)
for child in children:
    os.waitpid(child, 0)
"""


def started(on: Probe, name: str) -> dict[str, Any]:
    """How one of the starts went: "debug-on", "debug-off", "unreachable", "threads", or the command it was made for.

    All of them are made at once, for all checks that ask.
    """
    done = on.once("starts", lambda: on.fresh(STARTS, arguments=[LOADS, *_modules(on)]))
    told = [json.loads(line) for line in done.out.splitlines() if line.startswith('{"start"')]
    found = {start["start"]: start for start in told}
    assert name in found, f"the backend did not start: {done.last_line}"
    assert not found[name]["error"], found[name]["error"]
    return dict(found[name])


def _modules(on: Probe) -> list[str]:
    """Every module of the app by its dotted name, but those that act when they are loaded."""
    return [_dotted(file) for file in on.files("courses") if _is_module(on.checkout.sources / file)]


def _dotted(file: str) -> str:
    path = PurePath(file)
    parts = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
    return ".".join(parts)


def _is_module(path: Path) -> bool:
    """Whether a file may be imported: it has a name one could import it by, and is no script."""
    try:
        body = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError):  # told by the check that every file compiles
        return False
    acts = (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in body)
    return path.stem.isidentifier() and not any(acts)
