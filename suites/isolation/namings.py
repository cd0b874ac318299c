"""Where a parameter or a body names an object that may be hidden from the caller."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Naming:
    """One place.

    Attributes:
        row: of the access table: the operation and its subject.
        key: the parameter, or the property of the body.
        attribute: what it names the object by ("pk", "slug").
        hidden, open: objects of one kind; of the first the caller may know nothing, the second is there for everybody.
        by: who names them.
        in_body: whether it is a property of the body.
        promised: whether the contract knows the parameter; a backend may not heed another.
    """

    row: str
    key: str
    attribute: str
    hidden: str
    open: str
    by: tuple[str, ...]
    in_body: bool = False
    promised: bool = True

    @property
    def operation(self) -> str:
        return self.row.partition("/")[0]

    @property
    def place(self) -> str:
        """The key, and by what it names where the key does not say so."""
        return f"{self.key}-by-id" if self.attribute == "pk" and not self.key.endswith("_id") else self.key


# One who has no rights of any kind, one who teaches elsewhere, one without an account.
STRANGERS = ("registered", "peer", "guest")


def _filter(row: str, key: str, attribute: str, kind: str, *, promised: bool = True) -> Naming:
    hidden = {"category": "category-inactive", "course": "course-draft", "module": "module-unpublished"}[kind]
    return Naming(row, key, attribute, hidden, f"{kind}-open", STRANGERS, promised=promised)


def _category(row: str, by: str) -> Naming:
    return Naming(row, "category_id", "pk", "category-inactive", "category-open", (by,), in_body=True)


NAMINGS = (
    _filter("courses.list/courses", "category", "slug", "category"),
    _filter("courses.list/courses", "category", "pk", "category", promised=False),
    _filter("courses.list/courses", "category_id", "pk", "category", promised=False),
    _filter("modules.list/modules", "course", "slug", "course"),
    _filter("modules.list/modules", "course_id", "pk", "course", promised=False),
    _filter("lessons.list/lessons", "course", "slug", "course"),
    _filter("lessons.list/lessons", "course_id", "pk", "course", promised=False),
    _filter("lessons.list/lessons", "module", "pk", "module"),
    _filter("lessons.list/lessons", "module_id", "pk", "module", promised=False),
    _category("courses.create/nothing", "peer"),
    _category("courses.partial_update/course-peer", "peer"),
    _category("draft-courses.create/nothing", "peer"),
    _category("draft-courses.partial_update/course-draft", "owner"),
)
