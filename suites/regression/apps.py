"""`courses/apps.py`: what happens when the backend starts, and what it then says of itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.starting import started

APPS = "courses/apps.py"
STATUS = "health_status"
COMMANDS = ("runserver", "test", "migrate", "makemigrations", "check")


DEBUG = {"debug-on": {"start": "debug-on"}, "debug-off": {"start": "debug-off"}}


@finding("APP-01", needs="source", cases=DEBUG)
def the_app_starts_ready(on: Probe, start: str) -> None:
    """With DEBUG on or off the app is ready after the start, and has no error to tell."""
    told = started(on, start)

    assert told["status"] == "ready"
    assert told["errors"] == []


@finding("APP-01", needs="source", cases=DEBUG)
def the_steps_of_the_start_can_be_repeated(on: Probe, start: str) -> None:
    """The three methods that watch the process exist, and can be called twice more."""
    told = started(on, start)

    assert told["steps"] == {}, f"what they raised: {told['steps']}"
    assert told["status_after_steps"] == "ready"


@finding("APP-01", needs="source")
def health_and_performance_are_told_as_dictionaries(on: Probe) -> None:
    """`get_health_status` and `get_performance_metrics` return dictionaries that say something."""
    told = started(on, "debug-off")

    assert told["dictionaries"] == {"get_health_status": "dict", "get_performance_metrics": "dict"}


@finding("APP-02", needs="source")
def no_update_of_a_component_is_lost(on: Probe) -> None:
    """What one thread reports while another does, each about components of its own, is all there afterwards."""
    told = started(on, "threads")
    if not told["reporter"]:
        raise NotApplicable("CoursesConfig has no public method that takes a component and how it does")

    assert told["raised"] == [], f"reporting or reading at the same time raised {told['raised']}"
    assert told["reported"] > 3, "nothing was reported at the same time"
    assert told["lost"] == 0, f"{told['lost']} of {told['reported']} updates are lost"


@finding("APP-02", needs="source")
def what_was_read_stays_as_it_was(on: Probe) -> None:
    """A health status that was read is of one moment: later updates do not change it."""
    told = started(on, "threads")
    if not told["reporter"]:
        raise NotApplicable("CoursesConfig has no public method that takes a component and how it does")

    assert told["snapshot_kept"]


@finding("APP-02", needs="source")
def the_status_is_written_under_a_lock_only(on: Probe) -> None:
    """`health_status` is written where a lock is held, by a setter that takes it, or before any thread can see it."""
    methods = list(_methods(on.tree(APPS)))
    is_guarded = any(_is_setter(method) and _takes_lock(method) for method in methods)
    bare = [
        f"{function.name}, line {node.lineno}"
        for function in methods
        if function.name != "__init__"
        for node in _writes_without_lock(function.body)
        if not (is_guarded and _sets_whole(node))
    ]

    assert bare == [], f"written without a lock in {', '.join(bare)}"


def _methods(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (inner for inner in node.body if isinstance(inner, ast.FunctionDef))


def _is_setter(method: ast.FunctionDef) -> bool:
    """Whether it is what runs when `health_status` is assigned to."""
    return any(
        isinstance(mark, ast.Attribute) and mark.attr == "setter" and STATUS in _names(mark)
        for mark in method.decorator_list
    )


def _takes_lock(method: ast.FunctionDef) -> bool:
    withs = (node for node in ast.walk(method) if isinstance(node, ast.With))
    return any(_is_lock(item.context_expr) for node in withs for item in node.items)


def _sets_whole(node: ast.stmt) -> bool:
    """Whether a statement assigns the status itself, which its setter sees; a change within it no setter sees."""
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Attribute) and target.attr == STATUS for target in node.targets
    )


def _writes_without_lock(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that write the status; what stands in a `with` of a lock is not looked at."""
    for node in body:
        if isinstance(node, ast.With) and any(_is_lock(item.context_expr) for item in node.items):
            continue
        inner = [getattr(node, part) for part in ("body", "orelse", "finalbody") if getattr(node, part, None)]
        inner += [handler.body for handler in getattr(node, "handlers", [])]
        if inner:
            for block in inner:
                yield from _writes_without_lock(block)
        elif _writes_status(node):
            yield node


def _is_lock(node: ast.expr) -> bool:
    return any("lock" in name.lower() for name in _names(node))


def _names(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Name):
            yield part.id


def _writes_status(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)):
        targets = node.targets if isinstance(node, (ast.Assign, ast.Delete)) else [node.target]
        return any(STATUS in _names(target) for target in targets)
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in {"update", "setdefault", "pop", "clear"}
        and STATUS in _names(call.func.value)
        for call in calls
    )


@finding("APP-03", needs="source", cases={name: {"command": name} for name in COMMANDS})
def starting_asks_the_database_nothing(on: Probe, command: str) -> None:
    """Setting Django up sends no statement to the database, whatever it is started for, and nobody warns of one."""
    told = started(on, command)

    assert told["statements"] == []
    assert told["warnings"] == []


@finding("APP-03", needs="source")
def the_app_starts_without_a_database(on: Probe) -> None:
    """A backend whose database cannot be reached starts all the same."""
    told = started(on, "unreachable")

    assert told["status"], "it started, and says nothing of how it is"


@finding("APP-03", needs="http")
def health_is_told_on_demand(on: Probe) -> None:
    """Whoever asks the health operation is told how the backend is."""
    answer = on.send("health.retrieve")

    assert answer.status == 200
    assert isinstance(answer.json, dict)
    assert answer.json, "an empty answer tells nobody anything"
