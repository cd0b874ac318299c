"""The project's own tests: they ask as every tier, here and there, and expect refusals, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import functions_of, test_modules
from coursegate.suites.regression.finding import finding

TIERS = frozenset({"guest", "registered", "premium"})
ALLOWED, REFUSED = frozenset({200, 201}), frozenset({401, 403, 404})
# Words of paths and URL names that belong to instructors, and to everybody.
TEACHING, PUBLIC = ("instructor", "draft", "teach"), ("lesson", "course", "module", "search", "featured")


def _trees(on: Probe) -> dict[str, ast.Module]:
    return dict(on.once("test modules", lambda: test_modules(on.checkout.path)))


def _constants(tree: ast.AST) -> Iterator[Any]:
    yield from (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))


def _tests(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (function for function in functions_of(tree) if function.name.startswith("test"))


def _is_parametrised(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a test runs for several cases: by pytest's mark, or in a loop of subtests."""
    marks = [part for mark in function.decorator_list for part in ast.walk(mark)]
    inside = list(ast.walk(function))
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"parametrize", "subTest"}
        for part in (*marks, *inside)
    )


def _tier_tests(on: Probe) -> dict[str, ast.Module]:
    """The test modules that have parametrised tests and speak of all three tiers."""
    return {
        file: tree
        for file, tree in _trees(on).items()
        if set(_constants(tree)) >= TIERS and any(map(_is_parametrised, _tests(tree)))
    }


@finding("TEST-01", needs="source")
def tests_ask_as_every_tier(on: Probe) -> None:
    """Some tests of the project are parametrised, and speak of guests, registered and premium learners."""
    assert _trees(on), "the project has no tests"

    assert list(_tier_tests(on)) != [], "no module of tests with parametrised cases names all three tiers"


@finding(
    "TEST-01",
    needs="source",
    cases={"instructors": {"words": TEACHING}, "everybody": {"words": PUBLIC}},
)
def tests_ask_both_areas(on: Probe, words: tuple[str, ...]) -> None:
    """The tests that ask as every tier do so where everybody may go, and where only instructors may."""
    texts = [text for tree in _tier_tests(on).values() for text in _constants(tree) if isinstance(text, str)]
    assert texts, "no module of tests with parametrised cases names all three tiers"

    paths = [text for text in texts if ("/" in text or ":" in text) and " " not in text]
    assert [path for path in paths if any(word in path for word in words)] != []


@finding("TEST-01", needs="source")
def tests_expect_refusals_too(on: Probe) -> None:
    """The tests that ask as every tier expect answers to be given, and others to be refused."""
    trees = _tier_tests(on).values()
    numbers = {value for tree in trees for value in _constants(tree) if type(value) is int}

    assert numbers & ALLOWED, "none expects to be let in"
    assert numbers & REFUSED, "none expects to be refused"
