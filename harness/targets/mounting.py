"""Views that a backend has and nobody routes: found, and routed for the gate alone."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import os
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.path_templates import shape_of

URLCONF = "coursegate.harness.targets.mounted_urls"
# What the URLconf of the gate is told: which one stands below it, and what is added.
OWN_VARIABLE, MOUNTED_VARIABLE = "COURSEGATE_OWN_URLCONF", "COURSEGATE_MOUNTED"


@dataclass(frozen=True)
class Mounted:
    """One path that the gate routes.

    Attributes:
        path: as the contract has it, with its parameters.
        view: dotted name of the class.
        actions: method, in small letters -> what the view set calls its action; for a plain view they say which methods are
            meant.
        operations: their ids.
    """

    path: str
    view: str
    actions: Mapping[str, str]
    operations: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "operations": list(self.operations)}


def unrouted(contract: Contract, routed: Iterable[tuple[str, str]]) -> list[Mounted]:
    """What of the contract's operations no route of the backend meets, although it has the view.

    Args:
        routed: method and path, as the contract has it, of every route.
    """
    missing = _missing(contract, routed)
    views = _views(contract.views.values()) if missing else {}
    found = []
    for path, operations in missing.items():
        if view := views.get(contract.views[operations[0].id]):
            known = [(said, action) for said in operations if (action := _action(_class(view), said))]
            actions = {said.method.lower(): action for said, action in known}
            found.append(Mounted(path, view, actions, [said.id for said, _ in known]))
    return [mounted for mounted in found if mounted.actions]


def lost(contract: Contract, routed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The operations that no route meets and whose view stands in a module that cannot be imported: id -> the module."""
    held = _held_by_broken_modules() if (missing := _missing(contract, routed)) else {}
    names = (operation.id for operations in missing.values() for operation in operations)
    return {name: held[contract.views[name]] for name in names if contract.views[name] in held}


def _missing(contract: Contract, routed: Iterable[tuple[str, str]]) -> dict[str, list[Operation]]:
    """Path -> the operations there whose view is known by name, and that no route meets."""
    taken = {(method, shape_of(path)) for method, path in routed}
    missing: dict[str, list[Operation]] = {}
    for name in contract.views:
        operation = contract.api.operations[name]
        if not {(operation.method, shape_of(operation.path)), ("ANY", shape_of(operation.path))} & taken:
            missing.setdefault(operation.path, []).append(operation)
    return missing


def _held_by_broken_modules() -> dict[str, str]:
    """Name of a class -> the module of `courses.views` that defines it, and cannot be imported."""
    found: dict[str, str] = {}
    for name in _module_names():
        try:
            importlib.import_module(name)
        except Exception:  # as the imports rung tells
            spec = importlib.util.find_spec(name)
            if spec and spec.origin:
                tree = ast.parse(Path(spec.origin).read_bytes())
                found |= {part.name: name for part in tree.body if isinstance(part, ast.ClassDef)}
    return found


def _action(view: Any, operation: Operation) -> str:
    """What a view calls the action of an operation: of an extra action only path and method are promised, not its name.

    Returns:
        "" where a view set has no such action, or another view no such method.
    """
    name, method = operation.id.rpartition(".")[2], operation.method.lower()
    if not _is_view_set(view):
        return name if hasattr(view, method) else ""
    for extra in view.get_extra_actions():
        if method in extra.mapping and operation.path.strip("/").endswith(f"/{extra.url_path.strip('/')}"):
            return str(extra.mapping[method])
    return name if hasattr(view, name) else ""


def announce(mounted: Sequence[Mapping[str, Any]]) -> None:
    """Let the overlay of this process, and of those it starts, know; nothing where nothing is mounted."""
    if mounted:
        os.environ[MOUNTED_VARIABLE] = json.dumps(list(mounted))
    else:
        os.environ.pop(MOUNTED_VARIABLE, None)


def patterns() -> list[Any]:
    """The routes of what was announced."""
    from django.urls import path

    said = json.loads(os.environ.get(MOUNTED_VARIABLE, "[]"))
    # A path without parameters comes first: it could be taken for one with them.
    ordered = sorted(said, key=lambda entry: entry["path"].count("{"))
    return [path(_converted(entry["path"], entry), _callback(entry)) for entry in ordered]


def _callback(entry: Mapping[str, Any]) -> Any:
    view, actions = _class(entry["view"]), dict(entry["actions"])
    if not _is_view_set(view):
        return view.as_view()
    # What `@action(...)` says of its own, a throttle say: a router passes it on, too.
    own = [getattr(getattr(view, action), "kwargs", {}) for action in actions.values()]
    return view.as_view(actions, **next(filter(None, own), {}))


def _is_view_set(view: Any) -> bool:
    return hasattr(view, "get_extra_actions")


def _converted(path: str, entry: Mapping[str, Any]) -> str:
    """A path of the contract as Django takes it, its parameter called as the view calls it."""
    plain = path.lstrip("/")
    if "{" not in plain:
        return plain
    before, _, rest = plain.partition("{")
    name, _, after = rest.partition("}")
    kind = "str" if "slug" in name else "int"
    return f"{before}<{kind}:{_parameter(_class(entry['view']), entry['actions'], name)}>{after}"


def _parameter(view: Any, actions: Mapping[str, str], said: str) -> str:
    if _is_view_set(view):
        return str(view.lookup_url_kwarg or view.lookup_field)
    handler = next((getattr(view, method) for method in actions if hasattr(view, method)), None)
    if handler is None:
        return said
    named = [
        name
        for name in inspect.signature(handler).parameters
        if name not in {"self", "request", "args", "kwargs"}
    ]
    return said if said in named or not named else named[0]


def _views(wanted: Iterable[str]) -> dict[str, str]:
    """Name of a class -> its dotted name, of those that the modules of `courses.views` hold."""
    names = set(wanted)
    found: dict[str, str] = {}
    for module in _modules():
        for name, value in vars(module).items():
            if name in names and isinstance(value, type):
                found.setdefault(name, f"{value.__module__}.{value.__qualname__}")
    return found


def _modules() -> Iterator[Any]:
    for name in ("courses.views", *_module_names()):
        try:
            yield importlib.import_module(name)
        except Exception:  # no such module, or one that is broken: then the imports rung has told
            continue


def _module_names() -> Iterator[str]:
    """The modules below `courses.views`; none where it cannot be imported itself."""
    try:
        package = importlib.import_module("courses.views")
    except Exception:  # as above
        return
    for info in pkgutil.walk_packages(
        getattr(package, "__path__", []), "courses.views.", onerror=lambda _: None
    ):
        yield info.name


def _class(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)
