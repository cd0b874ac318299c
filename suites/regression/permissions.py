"""`courses/permissions.py`: which course an object belongs to, and who may therefore write it."""

from __future__ import annotations

import ast

from coursegate.harness.probing.implementation import called_only, described, implementation_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

NAMES = ("courses.permissions.get_course_from_object", "courses.views.mixins.extract_course_from_object")
PATHS = {"permissions": {"path": NAMES[0]}, "views": {"path": NAMES[1]}}
# An object of each kind, and the course it belongs to.
BELONGS = {
    "course-draft": "course-draft",
    "module-of-peer": "course-peer",
    "lesson-of-peer": "course-peer",
    "resource-in-draft": "course-draft",
    "enrollment-completed": "course-peer",
    "progress-registered": "course-open",
    "assessment-registered": "course-open",
    "attempt-registered": "course-open",
    "certificate-registered": "course-peer",
}


@finding(
    "PERM-01",
    cases={
        f"{name}-{where}": {"path": given["path"], "name": name}
        for name in BELONGS
        for where, given in PATHS.items()
    },
)
def an_object_belongs_to_its_course(on: Probe, path: str, name: str) -> None:
    """Whatever the object, both names find the course that it belongs to; a course is its own."""
    find = on.name(path)

    found = find(on.row(name))

    assert type(found) is on.model("courses.Course")
    assert found.pk == on.key(BELONGS[name])


@finding("PERM-01", cases=PATHS)
def what_belongs_to_no_course_has_none(on: Probe, path: str) -> None:
    """Nothing, and an object that belongs to no course, has none; and nobody crashes."""
    find = on.name(path)

    assert find(on.row("course-open")) is not None
    assert find(None) is None
    assert find(on.row("category-open")) is None


@finding("PERM-01")
def there_is_one_implementation(on: Probe) -> None:
    """Both names stand for one implementation: at most one function of theirs does more than call another."""
    names = {path.rpartition(".")[2] for path in NAMES}
    own = [
        f"{file}:{node.lineno}"
        for file in on.files("courses")
        for node in ast.walk(on.tree(file))
        if isinstance(node, ast.FunctionDef) and node.name in names and not called_only(node)
    ]

    assert len(own) <= 1, f"implemented in {', '.join(own)}"
    one, other = (implementation_of(on.name(path)) for path in NAMES)
    assert one == other, f"implemented in {described(one)}, and in {described(other)}"


@finding("PERM-01", needs="http", writes=True)
def an_instructor_writes_their_own_course_only(on: Probe) -> None:
    """An instructor changes their own course, and is refused at that of a colleague."""
    change = {"subtitle": "A subtitle that an instructor has just written"}

    own = on.send("courses.partial_update", "course-peer", by="peer", body=change)
    other = on.send("courses.partial_update", "course-open", by="peer", body=change)

    assert own.status == 200
    assert other.status in {403, 404}
