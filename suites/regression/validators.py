"""`courses/validators.py`: what may be stored, and where the rules are found. A module or a package, as the team likes."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.missing import Missing
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

VALIDATORS = "courses.validators"
# A value of the module, not a rule for a field.
NO_VALIDATORS = frozenset({"HAS_PIL"})
# What validators are called.
NAMED_SO = re.compile(r"^validate_|^[A-Z]\w*Validator$")


def _refused(validate: Callable[[Any], object], value: object) -> list[str]:
    """The codes with which a validator refuses a value; none where it takes it."""
    from django.core.exceptions import ValidationError

    try:
        validate(value)
    except ValidationError as refusal:
        return [str(error.code) for error in refusal.error_list]
    return []


# --- a text of a certain length ----------------------------------------------------------------------------------


@finding("VAL-01")
def a_text_that_is_too_short_is_refused(on: Probe) -> None:
    """MinStrLenValidator refuses a text below its limit with code min_length, and takes one of just that length."""
    validate = on.name(f"{VALIDATORS}.MinStrLenValidator")(5)

    assert _refused(validate, "abcde") == []
    assert _refused(validate, "abcd") == ["min_length"]
    assert _refused(validate, "") == ["min_length"]


@finding("VAL-01")
def letters_are_counted(on: Probe) -> None:
    """The length of a text is the number of its letters, however many bytes one of them takes."""
    validate = on.name(f"{VALIDATORS}.MinStrLenValidator")(5)

    assert _refused(validate, "日本語学校") == []
    assert _refused(validate, "日本語") == ["min_length"]


BLANKS = (" ", "\t", "\n", "\r\n", "\u00a0", "\u3000", " \t\n")


@finding("VAL-01")
def blanks_are_no_text(on: Probe) -> None:
    """Nothing but blanks of whatever kind satisfies no minimum, however many they are."""
    validate = on.name(f"{VALIDATORS}.MinStrLenValidator")(5)

    assert _refused(validate, "   five words that stand here   ") == []
    passed = [blank for blank in BLANKS if _refused(validate, blank * 20) != ["min_length"]]
    assert passed == []


@finding("VAL-01")
def the_validator_of_lengths_is_one_of_djangos(on: Probe) -> None:
    """MinStrLenValidator is a BaseValidator; two with the same limit are equal, two with different ones are not."""
    from django.core.validators import BaseValidator

    kind = on.name(f"{VALIDATORS}.MinStrLenValidator")

    assert issubclass(kind, BaseValidator)
    assert kind(5) == kind(5)
    assert kind(5) != kind(6)


@finding("VAL-01")
def the_validator_of_lengths_can_be_written_into_a_migration(on: Probe) -> None:
    """What a migration says of a MinStrLenValidator makes an equal one."""
    from django.db.migrations.writer import MigrationWriter

    validate = on.name(f"{VALIDATORS}.MinStrLenValidator")(5)

    text, imports = MigrationWriter.serialize(validate)

    names: dict[str, Any] = {}
    exec("\n".join(sorted(imports)), names)  # what Django itself has written
    assert eval(text, names) == validate


FIELD_HELPERS = {"char": {"helper": "create_char_field"}, "text": {"helper": "create_text_field"}}


@finding("VAL-01", cases=FIELD_HELPERS)
def the_field_helpers_install_it(on: Probe, helper: str) -> None:
    """A field that is made with `min_len` has the validator with that limit, and one without has none."""
    kind = on.name(f"{VALIDATORS}.MinStrLenValidator")
    create = on.name(f"courses.utils.model_helpers.{helper}")

    def limits(**options: Any) -> list[int]:
        return [item.limit_value for item in create(**options).validators if isinstance(item, kind)]

    assert limits(min_len=7) == [7]
    assert limits(min_len=7, blank=True) == [7], "not where the field may be left blank"
    assert limits(min_len=1) == [1]
    assert limits() == []


@finding("VAL-01", cases=FIELD_HELPERS)
def the_field_helpers_install_it_beside_others(on: Probe, helper: str) -> None:
    """A field that is made with `min_len` and validators of its own has all of them."""
    from django.core.validators import RegexValidator

    kind = on.name(f"{VALIDATORS}.MinStrLenValidator")
    create = on.name(f"courses.utils.model_helpers.{helper}")
    takes = inspect.signature(create).parameters.values()
    if not any(item.name == "validators" or item.kind is item.VAR_KEYWORD for item in takes):
        raise NotApplicable(f"{helper} takes no validators")
    own = RegexValidator("[a-z]")

    validators = create(min_len=7, validators=[own]).validators

    assert [item.limit_value for item in validators if isinstance(item, kind)] == [7]
    assert own in validators


# --- one of a closed set ------------------------------------------------------------------------------------------


@finding("VAL-03")
def every_level_of_a_course_is_taken(on: Probe) -> None:
    """`validate_course_level` takes exactly the values of CourseLevel, `all_levels` among them."""
    validate = on.name(f"{VALIDATORS}.validate_course_level")
    levels = [str(member.value) for member in on.name("courses.constants.CourseLevel")]

    assert "all_levels" in levels
    assert [level for level in levels if _refused(validate, level)] == []


@finding(
    "VAL-03",
    cases={
        name: {"value": value}
        for name, value in {
            "unknown": "expert",
            "blank": "",
            "capitals": "BEGINNER",
            "blanks": " beginner ",
        }.items()
    },
)
def no_other_level_is_taken(on: Probe, value: str) -> None:
    """What is no level of a course is refused with code invalid_course_level."""
    validate = on.name(f"{VALIDATORS}.validate_course_level")

    assert _refused(validate, "beginner") == []
    assert _refused(validate, value) == ["invalid_course_level"]


@finding("VAL-03")
def levels_are_listed_once(on: Probe) -> None:
    """The levels that the validator knows are those of the enumeration, not a second list beside it."""
    written = _written_at(on)
    members = list(on.name("courses.constants.CourseLevel"))
    levels = {str(member.value) for member in members}
    tree = ast.parse(written.read_bytes())

    enumerations = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in ast.walk(node)
    }
    listed = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in levels and id(node) not in enumerations
    ]

    assert listed == []
    # One by one by their names they are such a list, too; one of them alone, a default, is none.
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {member.name for member in members} <= named, "each level is named, one by one"


def _written_at(on: Probe) -> Path:
    """The file in which the validator of levels is written: a function, what is made of one, or an object that is called."""
    validate = inspect.unwrap(on.name(f"{VALIDATORS}.validate_course_level"))
    while isinstance(validate, functools.partial):
        validate = inspect.unwrap(validate.func)
    kind = validate if inspect.isfunction(validate) or inspect.isclass(validate) else type(validate)
    path = Path(inspect.getsourcefile(kind) or "")
    is_own = on.checkout.path in path.parents
    return path if is_own else Path(inspect.getsourcefile(importlib.import_module(VALIDATORS)) or "")


# --- where the rules are found ------------------------------------------------------------------------------------


def _rules(on: Probe) -> list[str]:
    """The public validators that were there before, by name."""
    return sorted(set(on.contract.compat.imports[VALIDATORS]) - NO_VALIDATORS)


@finding("VAL-04")
def every_validator_is_exported(on: Probe) -> None:
    """`courses.validators.__all__` lists every public validator, new ones too, and nothing that is not there."""
    module = on.name(VALIDATORS)
    exported = on.name(f"{VALIDATORS}.__all__")
    own = [
        name
        for name, value in vars(module).items()
        if NAMED_SO.search(name) and str(getattr(value, "__module__", "")).startswith("courses.")
    ]

    assert [name for name in (*_rules(on), *own) if name not in exported] == []
    assert [name for name in exported if not hasattr(module, name)] == []


@finding("VAL-04")
def a_star_import_gives_every_validator(on: Probe) -> None:
    """`from courses.validators import *` works and gives every public validator."""
    on.name(VALIDATORS)
    names: dict[str, Any] = {}

    exec(f"from {VALIDATORS} import *", names)

    assert [name for name in _rules(on) if name not in names] == []


@finding("VAL-04", "MOD-03")
def a_validator_is_one_object_wherever_it_is_found(on: Probe) -> None:
    """A validator that can be imported from an older path, too, is the same object there."""
    rules, others = _rules(on), on.contract.compat.imports
    elsewhere = [
        f"{module}.{name}"
        for module, names in others.items()
        if module != VALIDATORS
        for name in names
        if name in rules
    ]
    assert elsewhere, "the contract names no older path of any validator"

    other = []
    for path in elsewhere:
        name = path.rpartition(".")[2]
        try:
            found = on.name(path)
        except Missing as missing:
            other.append(str(missing))
            continue
        if found is not on.name(f"{VALIDATORS}.{name}"):
            other.append(f"{path} is another object")
    assert other == []


@finding("VAL-04")
def a_validator_has_one_definition(on: Probe) -> None:
    """No file of the backend defines a validator of the same name once more."""
    rules = frozenset(_rules(on))
    found: dict[str, list[str]] = {}
    for file in on.files("courses"):
        for node in on.tree(file).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in rules:
                found.setdefault(node.name, []).append(file)
    if not found:
        raise NotApplicable("no file of courses defines a validator by its public name")

    assert {name: files for name, files in found.items() if len(files) > 1} == {}
