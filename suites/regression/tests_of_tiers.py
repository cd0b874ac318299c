"""The project's own tests: they ask as every tier, here and there, and expect refusals, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import TESTS, modules_called, tree_of
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.marks_of_tests import Marked, marked_functions

TIERS = frozenset({"guest", "registered", "premium"})
GUESTS = dict.fromkeys(("guests", "anonymous", "anon", "visitor"), "guest")
# The backend's own constants for them (CONST-01): the class, the values of its members, and what lists all of these.
LEVELS, VALUES = "AccessLevel", ("guest", "registered", "premium", "enterprise")
LISTED = frozenset({"values", "choices", "hierarchy", "__members__"})
# How Django REST framework calls a status, and the standard library.
STATUS, STATUSES = re.compile(r"HTTP_(\d{3})_[A-Z_]+"), "HTTPStatus"
ALLOWED, REFUSED = frozenset({200, 201}), frozenset({401, 403, 404})
# Words of paths and URL names that belong to instructors, and to everybody.
TEACHING, PUBLIC = ("instructor", "draft", "teach"), ("lesson", "course", "module", "search", "featured")
# How often a name may stand for another one before it is given up.
DEPTH = 4
Values = Mapping[str, ast.expr]


def _values_of(on: Probe, modules: Mapping[str, ast.Module]) -> dict[str, ast.expr]:
    """What names stand for at the head of the tests' modules, and of those beside them that they import from."""
    folders = {str(PurePath(file).parent) for file in modules}
    beside = {
        str(path.relative_to(on.checkout.path))
        for folder in folders
        if folder != "."
        for path in (on.checkout.path / folder).glob("*.py")
    }
    found: dict[str, ast.expr] = {}
    for file in sorted(beside | set(modules)):
        for node in tree_of(on.checkout.path, file).body:
            if isinstance(node, ast.Assign):
                found |= {target.id: node.value for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found[node.target.id] = node.value
            elif isinstance(node, ast.ImportFrom):
                found |= {alias.asname: ast.Name(alias.name) for alias in node.names if alias.asname}
    return found


def _constants(tree: ast.AST, values: Values, depth: int = DEPTH) -> Iterator[Any]:
    """Every constant of a tree, and of what its names stand for."""
    if isinstance(tree, ast.Constant):
        yield tree.value
    elif isinstance(tree, (ast.Name, ast.Attribute)) and (known := _known(tree, values)):
        yield from known
    elif isinstance(tree, ast.Name):
        if tree.id in values and depth:
            yield from _constants(values[tree.id], values, depth - 1)
    else:
        # `AccessLevel("guest")` is one level, and not all.
        called = tree.func if isinstance(tree, ast.Call) and _is_called(tree.func, LEVELS, values) else None
        for part in ast.iter_child_nodes(tree):
            if part is not called:
                yield from _constants(part, values, depth)


def _known(node: ast.Name | ast.Attribute, values: Values) -> Sequence[Any]:
    """What a name means in every project: a status, a level, or all levels; nothing where it is another's."""
    if status := STATUS.fullmatch(node.id if isinstance(node, ast.Name) else node.attr):
        return [int(status[1])]
    if _is_called(node, LEVELS, values):
        return VALUES
    if isinstance(node, ast.Attribute) and _is_called(node.value, LEVELS, values):
        return VALUES if node.attr in LISTED else [value for value in VALUES if value.upper() == node.attr]
    if isinstance(node, ast.Attribute) and _is_called(node.value, STATUSES, values):
        return [int(status) for name, status in HTTPStatus.__members__.items() if name == node.attr]
    return ()


def _is_called(node: ast.expr, name: str, values: Values) -> bool:
    """Whether an expression is what is imported by this name, under whichever other."""
    if isinstance(node, ast.Name):
        stands_for = values.get(node.id)
        return node.id == name or (isinstance(stands_for, ast.Name) and stands_for.id == name)
    return isinstance(node, ast.Attribute) and node.attr == name


@dataclass(frozen=True)
class TierTest:
    """A test that asks a path as every tier.

    Attributes:
        file: its path in the project.
        function: its name there.
        constants: of the test itself, and of the cases it runs for.
    """

    file: str
    function: str
    constants: list[Any]


def tier_tests(on: Probe) -> list[TierTest]:
    """Every such test.

    Raises:
        AssertionError: there is none.
    """
    modules: dict[str, ast.Module] = on.once("test modules", lambda: modules_called(on.checkout.path, TESTS))
    assert modules, "the project has no tests"
    values = on.once("values of the tests", lambda: _values_of(on, modules))
    functions = {one: file for file, tree in modules.items() for one in marked_functions(tree, values)}
    as_tiers = _as_tiers([one for one in functions if not one.is_test or not one.is_skipped], values)
    found = [TierTest(functions[one], one.function.name, list(_said(one, values))) for one in as_tiers]
    asking = [test for test in found if _paths(test.constants)]
    assert asking, "no test that asks a path is parametrised over guests, registered and premium learners"
    return asking


def _as_tiers(functions: Sequence[Marked], values: Values) -> list[Marked]:
    """The tests that run as every tier: by cases of their own, or by those of a fixture, of a fixture's fixture ..."""
    found = [one for one in functions if _runs_as_every_tier(one, values)]
    while True:
        fixtures = {one.function.name for one in found if not one.is_test}
        more = [one for one in functions if one not in found and fixtures & one.arguments]
        if not more:
            return [one for one in found if one.is_test]
        found += more


def _said(one: Marked, values: Values) -> Iterator[Any]:
    """Every constant of a test, of its marks, and of what its class prepares."""
    for tree in (one.function, *one.marks, *one.prepared):
        yield from _constants(tree, values)


def _paths(constants: list[Any]) -> list[str]:
    """Paths and URL names among the constants of a test."""
    texts = [text for text in constants if isinstance(text, str) and " " not in text]
    return [text for text in texts if "/" in text or ":" in text.strip(":")]


def _runs_as_every_tier(one: Marked, values: Values) -> bool:
    return any(_tiers(_constants(_iterated(case, values), values)) >= TIERS for case in one.cases)


def _tiers(constants: Iterable[Any]) -> set[str]:
    """The tiers that constants name: `guest`, `anonymous`, `client_of_guest`."""
    words = (
        word for text in constants if isinstance(text, str) for word in re.split(r"[^a-z]+", text.lower())
    )
    return {GUESTS.get(word, word) for word in words}


def _iterated(case: ast.AST, values: Values) -> ast.AST:
    """What running through a value gives: of a dictionary its keys."""
    found = values.get(case.id, case) if isinstance(case, ast.Name) else case
    if isinstance(found, ast.Dict):
        return ast.Tuple(elts=[key for key in found.keys if key is not None], ctx=ast.Load())
    return found


@finding("TEST-01", needs="source")
def tests_ask_as_every_tier(on: Probe) -> None:
    """Some tests of the project run for guests, registered and premium learners alike."""
    assert tier_tests(on) != []


@finding(
    "TEST-01",
    needs="source",
    cases={
        "instructors": {"words": TEACHING, "others": ()},
        "everybody": {"words": PUBLIC, "others": TEACHING},
    },
)
def tests_ask_both_areas(on: Probe, words: tuple[str, ...], others: tuple[str, ...]) -> None:
    """The tests that ask as every tier do so where everybody may go, and where only instructors may."""
    paths = [path for test in tier_tests(on) for path in _paths(test.constants)]

    in_it = [path for path in paths if any(word in path for word in words)]
    assert [path for path in in_it if not any(word in path for word in others)] != []


@finding("TEST-01", needs="source")
def tests_expect_refusals_too(on: Probe) -> None:
    """The tests that ask as every tier expect answers to be given, and others to be refused."""
    numbers = {value for test in tier_tests(on) for value in test.constants if type(value) is int}

    assert numbers & ALLOWED, "none expects to be let in"
    assert numbers & REFUSED, "none expects to be refused"
