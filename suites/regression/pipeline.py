"""The pipeline around `courses`: what runs the tests, and what it fails for."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import yaml

from coursegate.harness.probing.missing import Missing
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import functions_of, modules_called
from coursegate.suites.regression.finding import finding

SETTINGS = "educore.settings"
# What pytest takes for files of tests unless it is told otherwise.
COLLECTED = ("test_*.py", "*_test.py")
LINTERS = frozenset({"ruff", "flake8", "pyflakes", "pylint"})
PIPELINES = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", "azure-pipelines.yml",
             "bitbucket-pipelines.yml", ".circleci/config.yml", ".ci/*", "Jenkinsfile")  # fmt: skip


def _roots(on: Probe) -> list[Path]:
    """The backend's folder and those above it, up to that of the repository."""
    folders = [on.checkout.path, *on.checkout.path.parents][:4]
    top = next((number for number, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    return folders[: top + 1]


def _pipelines(on: Probe) -> list[Path]:
    return [
        path
        for root in _roots(on)
        for pattern in PIPELINES
        for path in sorted(root.glob(pattern))
        if path.is_file()
    ]


def _commands(on: Probe) -> list[tuple[list[str], Mapping[str, str]]]:
    """What the pipelines run, in words, and the variables that are set for it."""
    found = []
    for path in _pipelines(on):
        if path.suffix in {".yml", ".yaml"}:
            try:
                document = yaml.safe_load(path.read_bytes())
            except yaml.YAMLError as problem:
                raise Missing(f"{path.name} is no YAML: {' '.join(str(problem).split())[:200]}") from None
            found += [
                (words, variables) for text, variables in _scripts(document, {}) for words in _split(text)
            ]
        else:
            found += [(words, {}) for words in _split(path.read_text("utf-8", "replace"))]
    return found


def _scripts(node: Any, variables: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every script of a pipeline: `run` of GitHub and CircleCI, `script` of the others."""
    if isinstance(node, list):
        for item in node:
            yield from _scripts(item, variables)
    if not isinstance(node, dict):
        return
    sections = (node.get(key) for key in ("env", "variables", "environment"))
    own: dict[Any, Any] = next((section for section in sections if isinstance(section, dict)), {})
    variables = {**variables, **{str(name): str(value) for name, value in own.items()}}
    for key, value in node.items():
        if key in {"run", "script", "before_script", "bash", "command"}:
            texts = value if isinstance(value, list) else [value]
            yield from ((text, variables) for text in texts if isinstance(text, str))
        yield from _scripts(value, variables)


def _split(text: str) -> Iterator[list[str]]:
    """The commands of a script, in words."""
    for line in text.replace("\\\n", " ").replace("&&", "\n").replace(";", "\n").splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # a quotation over several lines is no command that is looked for here
            continue
        if words:
            yield words


@finding("CI-01", needs="source")
def a_pipeline_runs_the_tests_in_development_mode(on: Probe) -> None:
    """A pipeline runs `python -X dev -Wd -m pytest -q` with the project's settings."""
    assert _pipelines(on), "there is no pipeline"

    runs = [(words, variables) for words, variables in _commands(on) if _is_test_run(words)]

    assert runs, "no pipeline runs python -X dev -Wd -m pytest -q"
    used = {_settings(on, words, variables) or "none" for words, variables in runs}
    assert SETTINGS in used, f"the settings are {', '.join(sorted(used))}, not {SETTINGS}"


def _is_test_run(words: list[str]) -> bool:
    joined = " ".join(words).replace("-Xdev", "-X dev").replace("-W d", "-Wd").replace("-Wdefault", "-Wd")
    wanted = ("-X dev", "-Wd", "-m pytest")
    return all(part in joined for part in wanted) and bool({"-q", "--quiet"} & set(words))


def _settings(on: Probe, words: list[str], variables: Mapping[str, str]) -> str:
    """The settings module that a run of the tests uses: named on the line, in its surroundings, or in pytest's own file."""
    named = [
        word.partition("=")[2] for word in words if word.startswith(("DJANGO_SETTINGS_MODULE=", "--ds="))
    ]
    return (
        next(iter(named), "") or variables.get("DJANGO_SETTINGS_MODULE", "") or _configured(on.checkout.path)
    )


def _configured(root: Path) -> str:
    for name, section in (("pytest.ini", "pytest"), ("setup.cfg", "tool:pytest"), ("tox.ini", "pytest")):
        parser = ConfigParser(interpolation=None)
        if parser.read(root / name) and parser.has_option(section, "DJANGO_SETTINGS_MODULE"):
            return parser.get(section, "DJANGO_SETTINGS_MODULE")
    return ""


@finding("CI-01", needs="source")
def a_pipeline_looks_for_unused_imports(on: Probe) -> None:
    """A pipeline runs a linter that tells unused imports."""
    linters = [words for words, _ in _commands(on) if LINTERS & set(words) and "install" not in words]

    assert [words for words in linters if _tells_unused_imports(words)] != []


def _tells_unused_imports(words: list[str]) -> bool:
    """Whether the rules that a linter is called with, or else its usual ones, hold the one about unused imports."""
    joined = " ".join(words).replace("=", " ").split()
    for option in ("--select", "--extend-select"):
        if option in joined:
            rules = joined[joined.index(option) + 1].split(",")
            return any("F401".startswith(rule) for rule in rules if rule)
    return "F401" not in " ".join(words).partition("ignore")[2]


@finding("CI-01", needs="source")
def warnings_fail_a_pipeline(on: Probe) -> None:
    """Somewhere a warning of the project is an error: in a step of the pipeline, or in the tests' configuration."""
    steps = [" ".join(words) for words, _ in _commands(on) if _makes_warnings_errors(words)]
    filters = [line for line in _filters(on.checkout.path) if line.split(":")[0].strip() == "error"]

    assert steps + filters != []


def _makes_warnings_errors(words: list[str]) -> bool:
    following = zip(words, [*words[1:], ""], strict=True)
    return any(
        word.startswith("-Werror") or (word == "-W" and after.startswith("error"))
        for word, after in following
    )


def _filters(root: Path) -> list[str]:
    return [line.strip() for line in _said_to_pytest(root, "filterwarnings").splitlines() if line.strip()]


def _said_to_pytest(root: Path, option: str) -> str:
    """What the tests' configuration says for an option, a value a line or between spaces; "" where it says nothing."""
    for name, section in (("pytest.ini", "pytest"), ("setup.cfg", "tool:pytest"), ("tox.ini", "pytest")):
        parser = ConfigParser(interpolation=None)
        if parser.read(root / name) and parser.has_option(section, option):
            return parser.get(section, option)
    if (project := root / "pyproject.toml").is_file():
        tools = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {})
        said = tools.get("pytest", {}).get("ini_options", {}).get(option, "")
        return said if isinstance(said, str) else "\n".join(said)
    return ""


@finding("CI-01", needs="source")
def there_are_tests_to_run(on: Probe) -> None:
    """The run finds tests: functions of tests stand in files that are called as its configuration has it."""
    called = _said_to_pytest(on.checkout.path, "python_files").split() or COLLECTED
    modules = modules_called(on.checkout.path, called)

    names = [function.name for tree in modules.values() for function in functions_of(tree)]
    assert [name for name in names if name.startswith("test")] != []
