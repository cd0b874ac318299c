"""`courses/apps.py`, and whoever writes to it: the health status changes under a lock."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from coursegate.harness.probing.locked_code import Function, Locks, names_in
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import functions_of
from coursegate.suites.regression.finding import finding

APPS, CONFIG = "courses/apps.py", "CoursesConfig"
STATUS = "health_status"
CHANGING = frozenset({"update", "setdefault", "pop", "popitem", "clear", "append", "remove"})
# What lets another thread in.
THREADS = frozenset({"Thread", "Timer", "ThreadPoolExecutor", "start_new_thread"})
# What Django itself calls, once, before the process answers anybody.
STARTING = ("__init__", "ready")


@finding("APP-02", needs="source")
def the_status_is_written_under_a_lock_only(on: Probe) -> None:
    """`health_status` is written where a lock is held, by a setter that takes it, or before any thread can see it."""
    bare = written_bare({file: on.tree(file) for file in on.files("courses")})

    assert bare == [], f"written without a lock in {', '.join(bare)}"


def written_bare(trees: dict[str, ast.Module]) -> list[str]:
    """Where the status is written without a lock, by function and line.

    Args:
        trees: the modules of the app by their files, that of `CoursesConfig` among them.
    """
    locks = Locks(trees.values())
    own = list(_family(trees))
    kept = _kept_in(own, locks)
    # Who assigns to a property calls its setter, which is judged by itself.
    has_setter = any(_is_setter(method) for kind in own for method in functions_of(kind))
    excused = {id(method) for kind in own for method in (*_before_threads(kind), *_under_a_lock(kind, locks))}
    members = {id(method): kind for kind in own for method in functions_of(kind)}
    return [
        f"{function.name}, {file.removeprefix('courses/')} line {node.lineno}"
        for file, tree in trees.items()
        for function in functions_of(tree)
        if id(function) not in excused
        for node in locks.bare_in(function)
        if _writes(node, kept if id(function) in members else {STATUS: True}, is_own=id(function) in members)
        and not (has_setter and _sets_whole(node))
    ]


def _family(trees: dict[str, ast.Module]) -> Iterator[ast.ClassDef]:
    """The configuration of the app, and classes of the app that it is made of."""
    kinds = {
        node.name: node
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    wanted = [CONFIG]
    while wanted:
        if kind := kinds.pop(wanted.pop(), None):
            yield kind
            wanted += [name for base in kind.bases for name in names_in(base)]


def _kept_in(family: Iterable[ast.ClassDef], locks: Locks) -> dict[str, bool]:
    """The attributes that the status is, or is read from, by name; whether they are changed by methods of containers."""
    getters = [
        method
        for kind in family
        for method in functions_of(kind)
        if method.name == STATUS and not _is_setter(method)
    ]
    called = {id(node.func) for getter in getters for node in ast.walk(getter) if isinstance(node, ast.Call)}
    read = {
        node.attr
        for getter in getters
        for node in ast.walk(getter)
        if isinstance(node, ast.Attribute) and _is_self(node.value) and id(node) not in called
    }
    containers = {
        target.attr
        for kind in family
        for node in ast.walk(kind)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
    }
    known = {name: name in containers for name in read if not locks.is_lock(ast.Name(name))}
    return {**known, STATUS: True}


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_setter(method: Function) -> bool:
    """Whether it is what runs when `health_status` is assigned to."""
    return method.name == "__setattr__" or any(
        isinstance(mark, ast.Attribute) and mark.attr == "setter" and STATUS in names_in(mark)
        for mark in method.decorator_list
    )


def _before_threads(kind: ast.ClassDef) -> list[Function]:
    """What runs at the start only: what Django calls, and private methods that nothing but it calls; no thread is begun."""
    found = _with_private(kind, STARTING, lambda _user, _name: False)
    is_alone = not any(THREADS & set(names_in(method)) for method in found.values())
    return [method for name, method in found.items() if is_alone or name == "__init__"]


def _under_a_lock(kind: ast.ClassDef, locks: Locks) -> list[Function]:
    """Private methods that are called where a lock is held only, or by such a method."""
    held = _with_private(kind, (), lambda user, name: name not in _used_bare(user, locks))
    return list(held.values())


def _with_private(
    kind: ast.ClassDef, first: Iterable[str], is_fine: Callable[[Function, str], bool]
) -> dict[str, Function]:
    """These methods, and private ones that nothing uses but what is found already, or in a way that is fine."""
    methods = {method.name: method for method in kind.body if isinstance(method, Function)}
    found = {name: methods[name] for name in first if name in methods}
    while more := {
        name: method
        for name, method in methods.items()
        if name not in found
        and name.startswith("_")
        and (users := [other for other in methods.values() if name in _used_by(other)])
        and all(user.name in found or is_fine(user, name) for user in users)
    }:
        found |= more
    return found


def _used_bare(method: Function, locks: Locks) -> set[str]:
    """What a method uses of its object where no lock is held, or in the head of a statement that has others within."""
    bare = {id(node) for node in locks.bare_in(method)}
    held = {
        id(part)
        for node in ast.walk(method)
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and id(node) not in bare
        for part in ast.walk(node)
    }
    return {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and _is_self(node.value) and id(node) not in held
    }


def _used_by(method: Function) -> set[str]:
    return {
        node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute) and _is_self(node.value)
    }


def _sets_whole(node: ast.stmt) -> bool:
    """Whether a statement assigns the status itself, which its setter sees; a change within it no setter sees."""
    if isinstance(node, ast.Expr):
        return _is_setattr(node)
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Attribute) and target.attr == STATUS for target in node.targets
    )


def _is_setattr(node: ast.stmt) -> bool:
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id == "setattr"
        and any(isinstance(given, ast.Constant) and given.value == STATUS for given in part.args)
        for part in ast.walk(node)
    )


def _writes(node: ast.stmt, kept: dict[str, bool], is_own: bool) -> bool:
    """Whether a simple statement writes what the status is kept in.

    Args:
        is_own: whether it stands in the configuration: elsewhere `self` is somebody else.
    """

    def is_kept(part: ast.AST) -> bool:
        return (
            isinstance(part, ast.Attribute)
            and part.attr in kept
            and (_is_self(part.value) == is_own or (is_own and part.attr == STATUS))
        )

    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
        return any(is_kept(part) for target in targets for part in ast.walk(target))
    return _is_setattr(node) or any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in CHANGING
        and any(is_kept(inner) and kept[inner.attr] for inner in ast.walk(part.func.value))  # type: ignore[attr-defined]
        for part in ast.walk(node)
    )
