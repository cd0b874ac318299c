"""`courses/validation.py`: each rule and each helper exists once, under all of its former paths."""

from __future__ import annotations

import ast
import importlib
import sys
from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

CANONICAL = "courses.utils.sanitisation"
# Text made harmless, and numbers for people: name -> the paths that it has had.
HELPERS = {
    "sanitize_input": ("courses.validation", "courses.utils", CANONICAL),
    "validate_content_security": ("courses.validation", "courses.utils"),
    "clean_html_content": ("courses.utils", "courses.utils.core"),
    "extract_text_from_html": ("courses.utils", "courses.utils.core"),
    "format_duration": ("courses.utils", "courses.utils.core"),
    "format_filesize": ("courses.utils", "courses.utils.core"),
    "format_time_spent": ("courses.utils", "courses.utils.core"),
    "format_price": ("courses.utils", "courses.utils.core"),
}
# Rules: name -> the paths that it has had.
RULES = {
    "validate_certificate_number": ("courses.validators", "courses.views", "courses.views.mixins"),
    "can_user_access_content": ("courses.validation", "courses.utils", "courses.constants"),
    "get_user_access_level": ("courses.utils", "courses.utils.core"),
    "validate_json_field": ("courses.utils", "courses.utils.core"),
    "SensitiveAPIThrottle": ("courses.views", "courses.views.mixins", "courses.urls"),
    "generate_unique_slug": ("courses.utils", "courses.utils.core"),
}


def _each(names: dict[str, tuple[str, ...]]) -> dict[str, dict[str, Any]]:
    return {name: {"name": name, "paths": paths} for name, paths in names.items()}


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _held(on: Probe, name: str) -> dict[str, Any]:
    """What each module of the app calls by a name, where it calls anything so."""
    found = {}
    for file in on.files("courses"):
        module = _module(file)
        try:
            held = vars(importlib.import_module(module)).get(name)
        except (Exception, SystemExit):
            continue  # nobody can take anything from there; that it does not load is another finding
        if held is not None:
            found[module] = held
    return found


def _defined(on: Probe, name: str) -> list[str]:
    """Where the app defines a function or class of this name for everybody; methods are none."""
    return on.once(f"definitions of {name}", lambda: list(_definitions(on).get(name, ())))  # type: ignore[no-any-return]  # what `once` keeps


def _definitions(on: Probe) -> dict[str, list[str]]:
    def look() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for file in on.files("courses"):
            for node in _outside_classes(on.tree(file)):
                found.setdefault(node.name, []).append(f"{file}:{node.lineno}")
        return found

    return on.once("definitions of the app", look)  # type: ignore[no-any-return]  # what `once` keeps


def _outside_classes(tree: ast.AST) -> list[Any]:
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(node)
        elif isinstance(node, ast.If | ast.Try | ast.ExceptHandler | ast.With):
            found += _outside_classes(node)
    return found


def _one_object(on: Probe, name: str, paths: tuple[str, ...]) -> None:
    reached = {path: on.name(f"{path}.{name}") for path in paths}
    first = next(iter(reached.values()))

    other = [path for path, item in reached.items() if item is not first]
    assert other == [], f"{name} of {', '.join(other)} is not that of {paths[0]}"

    others = [module for module, item in _held(on, name).items() if item is not first]
    assert others == [], f"there is another {name} in {', '.join(others)}"


@finding("ARCH-02", cases=_each(HELPERS))
def a_helper_is_one_object(on: Probe, name: str, paths: tuple[str, ...]) -> None:
    """A helper is the same object under every path from which it can be imported."""
    _one_object(on, name, paths)


def _written_once(on: Probe, name: str, path: str) -> None:
    """At most one place defines a name; where none does, it is a second name for something that the project defines."""
    places = _defined(on, name)
    if not places:
        another = on.name(f"{path}.{name}")
        home = sys.modules.get(str(getattr(another, "__module__", "")))
        written = getattr(home, "__file__", None)
        assert written, f"{name} is defined in no place"
        assert on.checkout.owns(written), f"{name} is not written in the project, but in {another.__module__}"

    assert len(places) <= 1, f"{name} is defined in {', '.join(places)}"


@finding("ARCH-02", needs="source", cases={name: {"name": name} for name in HELPERS})
def a_helper_is_written_once(on: Probe, name: str) -> None:
    """A helper is written in one place; it may be a second name for another helper of the app."""
    _written_once(on, name, HELPERS[name][0])


# What shows a duration -> the object that is asked for.
DURATIONS = {
    "lessons.retrieve": "lesson-guest",
    "modules.retrieve": "module-open",
    "courses.retrieve": "course-open",
}


@finding("ARCH-02", writes=True, cases={str(minutes): {"minutes": minutes} for minutes in (45, 120, 125)})
def durations_are_written_by_the_helper(on: Probe, minutes: int) -> None:
    """A lesson, a module and a course show their duration as `format_duration` writes it."""
    written = on.name("courses.utils.format_duration")
    for operation, name in DURATIONS.items():
        rows = on.rows(on.contract.world.objects[name].model)
        if operation == "lessons.retrieve":
            rows.update(duration_minutes=0)  # a sum over all of them is that of one
        rows.filter(pk=on.key(name)).update(duration_minutes=minutes)
    on.target.clear_caches()

    shown = {}
    for operation, name in DURATIONS.items():
        answer = on.send(operation, name, by="owner")
        assert answer.status == 200, f"{operation} answers {answer.summary}"
        shown[operation] = answer.json["duration_minutes"], answer.json["duration_display"]

    assert shown["lessons.retrieve"][0] == minutes
    assert {name: pair for name, pair in shown.items() if pair[1] != written(pair[0])} == {}


@finding("ARCH-02")
def text_is_made_harmless_in_one_module(on: Probe) -> None:
    """What makes text harmless is written in courses.utils.sanitisation."""
    sanitise = on.name(f"{CANONICAL}.sanitize_input")

    assert sanitise.__module__ == CANONICAL


@finding("ARCH-03", cases=_each(RULES))
def a_rule_is_one_object(on: Probe, name: str, paths: tuple[str, ...]) -> None:
    """A rule is the same object under every path from which it can be imported."""
    _one_object(on, name, paths)


@finding("ARCH-03", needs="source", cases={name: {"name": name} for name in RULES})
def a_rule_is_written_once(on: Probe, name: str) -> None:
    """A rule is written in one place; it may be a second name for another rule of the project."""
    _written_once(on, name, RULES[name][0])
