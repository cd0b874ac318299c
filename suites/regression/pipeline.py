"""The pipeline around `courses`: what runs the tests, and what it fails for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from types import MappingProxyType

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.linting import linter_called, tells_unused_imports
from coursegate.harness.probing.pipelines import commands_run, pipelines_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.pytest_settings import said_to_pytest
from coursegate.harness.probing.scripts import Command
from coursegate.harness.probing.syntax import functions_of, modules_called
from coursegate.suites.regression.finding import finding

SETTINGS = "educore.settings"
# What pytest takes for files of tests unless it is told otherwise.
COLLECTED = ("test_*.py", "*_test.py")
# Options with which pytest tells something, and runs no test.
_RUN_NONE = frozenset(
    {"--collect-only", "--co", "--setup-plan", "--fixtures", "--funcargs", "--markers", "--version", "--help"}
)


def _commands(on: Probe) -> list[Command]:
    """What the pipelines run, and fail for where it fails."""
    found: list[Command] = on.once("commands of pipelines", lambda: commands_run(on.checkout.path))
    return [command for command in found if command.noticed]


@finding("CI-01", needs="source")
def a_pipeline_runs_the_tests_in_development_mode(on: Probe) -> None:
    """A pipeline runs `python -X dev -Wd -m pytest -q` with the project's settings."""
    assert pipelines_of(on.checkout.path), "there is no pipeline"

    runs = [command for command in _commands(on) if _is_test_run(command.words)]

    assert runs, "no pipeline runs python -X dev -Wd -m pytest -q, and fails where that does"
    used = {_settings(on, command) or "none" for command in runs}
    assert SETTINGS in used, f"the settings are {', '.join(sorted(used))}, not {SETTINGS}"


def _is_test_run(words: Sequence[str]) -> bool:
    joined = " ".join(words).replace("-Xdev", "-X dev").replace("-W d", "-Wd").replace("-Wdefault", "-Wd")
    wanted = ("-X dev", "-Wd", "-m pytest")
    runs_none = bool(_RUN_NONE & set(words))
    return all(part in joined for part in wanted) and bool({"-q", "--quiet"} & set(words)) and not runs_none


def _settings(on: Probe, command: Command) -> str:
    """The settings module that a run of the tests uses, in the order of pytest-django: option, surroundings, file."""
    name = "DJANGO_SETTINGS_MODULE"
    by_option = _by_option(command.words) or _by_option(_said(on, "addopts").split())
    return by_option or command.settings.get(name, "") or _said(on, name)


def _by_option(words: Sequence[str]) -> str:
    for word, after in pairwise([*words, ""]):
        if word == "--ds" or word.startswith("--ds="):
            return after if word == "--ds" else word.partition("=")[2]
    return ""


@finding("CI-01", needs="source")
def a_pipeline_looks_for_unused_imports(on: Probe) -> None:
    """A pipeline runs a linter that tells unused imports, and fails for them."""
    linters = [linter for command in _commands(on) if (linter := linter_called(command.program))]

    assert [words for words in linters if tells_unused_imports(words, on.checkout.path)] != []


@finding("CI-01", needs="source")
def warnings_fail_a_pipeline(on: Probe) -> None:
    """Somewhere a warning of the project is an error: in a step of the pipeline, or in the tests' configuration."""
    steps = [" ".join(run.words) for run in _commands(on) if _makes_warnings_errors(run.words, run.settings)]
    filters = [line for line in _said(on, "filterwarnings").splitlines() if _is_error(line)]

    assert steps or filters or _makes_warnings_errors(_said(on, "addopts").split())


def _makes_warnings_errors(words: Sequence[str], settings: Mapping[str, str] = MappingProxyType({})) -> bool:
    pairs = pairwise([*words, ""])
    options = (
        after if word == "-W" else word.removeprefix("-W") for word, after in pairs if word.startswith("-W")
    )
    around = settings.get("PYTHONWARNINGS", "").split(",")
    return any(map(_is_error, (*options, *around)))


def _is_error(rule: str) -> bool:
    """Whether a rule for warnings makes errors of them: its action stands first."""
    return rule.split(":")[0].strip() == "error"


def _runs(on: Probe) -> list[Command]:
    """The runs of the tests, in whatever mode."""
    return [command for command in _commands(on) if "pytest" in " ".join(command.words)]


def _said(on: Probe, option: str) -> str:
    return said_to_pytest(on.checkout.path, option, [run.words for run in _runs(on)])


@finding("CI-01", needs="source")
def there_are_tests_to_run(on: Probe) -> None:
    """The run finds tests: functions of tests stand in files that are called as its configuration has it."""
    called = _said(on, "python_files").split() or COLLECTED
    words = [*_said(on, "testpaths").split(), *(word for run in _runs(on) for word in run.words)]
    named = [PurePath(word.partition("::")[0]).name for word in words if ".py" in word]
    modules = modules_called(on.checkout.path, [*called, *named])

    names = [function.name for tree in modules.values() for function in functions_of(tree)]
    assert [name for name in names if name.startswith("test")] != []


@finding("CI-01", "TEST-01", needs="source")
def a_pipeline_runs_the_tests_of_tiers(on: Probe) -> None:
    """A pipeline that runs the tests of the project runs those, too, that ask as every tier."""
    # Not loaded before its own turn: what it asserts is to be told as in a test.
    from coursegate.suites.regression.tests_of_tiers import tier_tests

    try:
        files = {PurePath(test.file) for test in tier_tests(on)}
    except AssertionError as problem:
        raise NotApplicable(f"there are none to run: {problem}") from None
    runs = [command.words for command in _commands(on) if _is_test_run(command.words)]
    if not runs:
        raise NotApplicable("no pipeline runs the tests")

    said = _said(on, "addopts").split()
    left_out = [_left_out([*said, *words], on.checkout.path.name) for words in runs]
    run = [file for file in files if any(not _is_below(file, folders) for folders in left_out)]
    assert run, f"every run leaves out {', '.join(sorted(map(str, left_out[0])))}, where all of them are"


def _left_out(words: Sequence[str], project: str) -> set[PurePath]:
    """What pytest is told to ignore; a path may begin with the folder of the project."""
    pairs = ((word.partition("="), after) for word, after in pairwise([*words, ""]))
    found = {PurePath(value if sign else after) for (name, sign, value), after in pairs if name == "--ignore"}
    return found | {PurePath(*path.parts[1:]) for path in found if path.parts[:1] == (project,)}


def _is_below(file: PurePath, folders: set[PurePath]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)
