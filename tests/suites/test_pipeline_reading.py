"""What the checks of a project's pipeline read out of it, in the forms that teams write them in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.suites.regression import pipeline

RUN = "python -X dev -Wd -m pytest -q"
GITHUB = "jobs:\n  tests:\n    env: {DJANGO_SETTINGS_MODULE: educore.settings}\n    steps:\n      - run: %s\n"
GITLAB = "tests:\n  variables: {DJANGO_SETTINGS_MODULE: educore.settings}\n  script:\n    - %s\n"
UNSET = "jobs:\n  tests:\n    steps:\n      - run: |\n          %s\n"
WORKFLOW = ".github/workflows/ci.yml"
WAITING = (GITHUB % RUN).replace("    env", "    if: ${{ github.event_name == '%s' }}\n    env")
PYTEST = "[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = 'educore.settings'\n"


def _probe(root: Path, files: Mapping[str, str]) -> Any:
    """As much of a probe as these checks use, on a project of these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return SimpleNamespace(checkout=SimpleNamespace(path=root), once=lambda _what, look: look())


@pytest.mark.parametrize(
    "files",
    [
        {WORKFLOW: GITHUB % RUN},
        {".gitlab-ci.yml": GITLAB % RUN},
        {".gitlab-ci.yml": GITLAB % f"cd backend && {RUN}"},
        {".ci/run": f"export A=1\nDJANGO_SETTINGS_MODULE=educore.settings {RUN}\n"},
        {WORKFLOW: UNSET % RUN, "pyproject.toml": PYTEST},
        {WORKFLOW: UNSET % RUN, "pytest.ini": "[pytest]\naddopts = --ds=educore.settings -ra\n"},
        {WORKFLOW: UNSET % f"{RUN} --ds educore.settings"},
        {WORKFLOW: UNSET % f"export DJANGO_SETTINGS_MODULE=educore.settings\n          {RUN}"},
        {
            ".gitlab-ci.yml": f"before_script: [export DJANGO_SETTINGS_MODULE=educore.settings]\nt: {{script: [{RUN}]}}"
        },
        {
            WORKFLOW: (UNSET % 'echo "DJANGO_SETTINGS_MODULE=educore.settings" >> "$GITHUB_ENV"')
            + f"      - run: {RUN}\n"
        },
        {WORKFLOW: GITHUB % "make test", "Makefile": f"PYTHON ?= python\n\ntest:\n\t$(PYTHON) {RUN[7:]}\n"},
        {WORKFLOW: GITHUB % "./run-tests.sh", "run-tests.sh": f"set -e\n{RUN}\n"},
        {WORKFLOW: GITHUB % f"{RUN} || exit 1"},
        {WORKFLOW: "on: [push, workflow_dispatch]\n" + GITHUB % RUN},
        {WORKFLOW: "on:\n  schedule: [{cron: 0 4 * * *}]\n" + GITHUB % RUN},
        {WORKFLOW: "on: {push: {}, pull_request: {}}\n" + WAITING % "push"},
        {WORKFLOW: "on: {workflow_call: {}}\n" + WAITING % "push"},
        {WORKFLOW: GITHUB % f"{RUN} -m 'not slow' --ignore=courses/tests/browser"},
        {WORKFLOW: GITHUB % f"{RUN} || (echo failed; exit 1)"},
    ],
)
def test_run_of_the_tests_is_found(tmp_path: Path, files: Mapping[str, str]) -> None:
    """The run that the audit asks for is found in a pipeline of any of the usual kinds, wherever its settings are named."""
    pipeline.a_pipeline_runs_the_tests_in_development_mode(_probe(tmp_path, files))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GITHUB % "python -m pytest -q", "no pipeline runs"),
        (GITHUB % f"echo '{RUN}'", "no pipeline runs"),
        (GITHUB % f"{RUN} || true", "no pipeline runs"),
        (GITHUB % f"{RUN} || echo failed", "no pipeline runs"),
        (GITHUB % f"{RUN} --collect-only", "no pipeline runs"),
        ("on: workflow_dispatch\n" + GITHUB % RUN, "no pipeline runs"),
        ("on:\n  workflow_dispatch:\n" + GITHUB % RUN, "no pipeline runs"),
        ("on: [push]\n" + WAITING % "schedule", "no pipeline runs"),
        ((GITHUB % RUN) + "        continue-on-error: true\n", "no pipeline runs"),
        ((GITHUB % RUN) + "        if: ${{ false }}\n", "no pipeline runs"),
        ((GITHUB % RUN).replace("    env", "    if: false\n    env"), "no pipeline runs"),
        ((GITHUB % RUN).replace("    env", "    continue-on-error: true\n    env"), "no pipeline runs"),
        (GITHUB.replace("educore", "other") % RUN, "educore.settings"),
        (UNSET % f"{RUN}\n          export DJANGO_SETTINGS_MODULE=educore.settings", "are none"),
        ("jobs: [", "is no YAML"),
    ],
)
def test_other_runs_are_none(tmp_path: Path, text: str, told: str) -> None:
    """A run without development mode, one that nobody notices or that is off, and one with other settings are not it."""
    with pytest.raises(AssertionError, match=told):
        pipeline.a_pipeline_runs_the_tests_in_development_mode(_probe(tmp_path, {WORKFLOW: text}))


TOX = "[tox]\nenvlist = tests\n[testenv]\nsetenv =\n  DJANGO_SETTINGS_MODULE = educore.settings\n%s"
WORDS = ", ".join(map(repr, RUN.split()))


@pytest.mark.parametrize(
    ("step", "file", "text"),
    [
        ("tox", "tox.ini", TOX % f"commands =\n  {RUN} {{posargs:tests}}\n"),
        ("tox -e lint,py312", "tox.ini", TOX % f"commands = {RUN}\n[testenv:lint]\ncommands = ruff check\n"),
        ("tox run -e tests", "setup.cfg", TOX % f"commands = none\n[testenv:tests]\ncommands = {RUN}\n"),
        (
            "python -m tox",
            "pyproject.toml",
            f"[tool.tox]\nenv_list = ['tests']\n[tool.tox.env.tests]\ncommands = [[{WORDS}, '--ds=educore.settings']]",
        ),
        (
            "uvx nox -s tests",
            "noxfile.py",
            "@nox.session\ndef tests(session):\n"
            f"    session.run({WORDS}, env={{'DJANGO_SETTINGS_MODULE': 'educore.settings'}})",
        ),
        (
            "hatch run ci:test",
            "pyproject.toml",
            f"[tool.hatch.envs.ci.scripts]\ntest = ['{RUN} --ds educore.settings']",
        ),
        (
            "pdm run test",
            "pyproject.toml",
            f"[tool.pdm.scripts]\ntest = {{cmd = '{RUN} --ds=educore.settings'}}",
        ),
    ],
)
def test_what_a_project_gives_a_name_to_is_followed(tmp_path: Path, step: str, file: str, text: str) -> None:
    """The run is found behind an environment of tox, a session of nox, a script of hatch or pdm."""
    pipeline.a_pipeline_runs_the_tests_in_development_mode(
        _probe(tmp_path, {WORKFLOW: UNSET % step, file: text})
    )


@pytest.mark.parametrize(
    ("step", "file", "text"),
    [
        ("tox -e lint", "tox.ini", TOX % f"commands = {RUN}\n[testenv:lint]\ncommands = ruff check\n"),
        ("tox", "tox.ini", TOX % f"commands =\n  - {RUN}\n"),
        ("tox", "tox.ini", TOX % f"ignore_outcome = true\ncommands = {RUN}\n"),
        ("tox", "tox.ini", f"commands = {RUN}\n"),
        ("tox", "pyproject.toml", "[tool.tox"),
        ("nox -s lint", "noxfile.py", f"@nox.session\ndef tests(session):\n    session.run({WORDS})"),
        ("nox", "noxfile.py", f"def tests(session):\n    session.run({WORDS})"),
        ("nox", "noxfile.py", "def tests(:"),
        ("hatch run test", "pyproject.toml", f"[tool.hatch.envs.ci.scripts]\ntest = '{RUN}'"),
        ("pdm run lint", "pyproject.toml", f"[tool.pdm.scripts]\ntest = '{RUN}'"),
    ],
)
def test_what_is_not_asked_for_by_its_name_is_none(tmp_path: Path, step: str, file: str, text: str) -> None:
    """Another environment, session or script, one whose failure counts for nothing, and a file that is broken are not it."""
    with pytest.raises(AssertionError, match="no pipeline runs"):
        pipeline.a_pipeline_runs_the_tests_in_development_mode(
            _probe(tmp_path, {WORKFLOW: UNSET % step, file: text})
        )


def test_a_failure_that_is_allowed_on_gitlab_is_none(tmp_path: Path) -> None:
    """A job of GitLab that may fail does not count."""
    on = _probe(tmp_path, {".gitlab-ci.yml": (GITLAB % RUN) + "  allow_failure: true\n"})

    with pytest.raises(AssertionError, match="no pipeline runs"):
        pipeline.a_pipeline_runs_the_tests_in_development_mode(on)


def test_no_pipeline_is_told(tmp_path: Path) -> None:
    """A project without any pipeline is told so."""
    with pytest.raises(AssertionError, match="there is no pipeline"):
        pipeline.a_pipeline_runs_the_tests_in_development_mode(_probe(tmp_path, {}))


USES = "jobs:\n  lint:\n    steps:\n      - uses: %s\n"
HOOKS = "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.14.0\n  hooks:\n  - id: %s\n"
LOCAL = "repos:\n- repo: local\n  hooks:\n  - {id: lint, name: lint, entry: flake8 --select F, language: system}\n"


@pytest.mark.parametrize(
    "files",
    [
        {WORKFLOW: GITHUB % "ruff check ."},
        {WORKFLOW: GITHUB % "python -m ruff check --select E9,F courses"},
        {WORKFLOW: GITHUB % "uv run --frozen ruff check"},
        {WORKFLOW: GITHUB % "poetry run flake8"},
        {WORKFLOW: GITHUB % ".venv/bin/pyflakes courses"},
        {WORKFLOW: GITHUB % "docker compose run --rm web ruff check ."},
        {WORKFLOW: GITHUB % "pip install ruff && ruff check"},
        {WORKFLOW: GITHUB % "pylint courses --disable=all --enable=unused-import"},
        {WORKFLOW: USES % "astral-sh/ruff-action@v3"},
        {WORKFLOW: USES % "astral-sh/ruff-action@v3\n        with: {args: check --select F401}"},
        {
            WORKFLOW: GITHUB % "pre-commit run --all-files",
            ".pre-commit-config.yaml": HOOKS % "ruff-check\n    args: [--fix]",
        },
        {WORKFLOW: USES % "pre-commit/action@v3.0.1", ".pre-commit-config.yaml": HOOKS % "ruff"},
        {WORKFLOW: GITHUB % "uvx pre-commit run -a", ".pre-commit-config.yaml": LOCAL},
        {WORKFLOW: GITHUB % "make lint", "Makefile": "lint: style\n\nstyle:\n\t@ruff check .\n"},
        {WORKFLOW: GITHUB % "ruff check .", "ruff.toml": 'lint.select = ["E", "F"]\n'},
    ],
)
def test_linter_is_found(tmp_path: Path, files: Mapping[str, str]) -> None:
    """A linter for unused imports is found however it is started: itself, as an action, by pre-commit, or by make."""
    pipeline.a_pipeline_looks_for_unused_imports(_probe(tmp_path, files))


@pytest.mark.parametrize(
    "files",
    [
        {WORKFLOW: GITHUB % "ruff format --check ."},
        {WORKFLOW: GITHUB % "poetry add ruff"},
        {WORKFLOW: GITHUB % "uv pip install ruff"},
        {WORKFLOW: GITHUB % "uvx ruff --version"},
        {WORKFLOW: GITHUB % "ruff check --exit-zero ."},
        {WORKFLOW: GITHUB % "ruff check . || true"},
        {WORKFLOW: GITHUB % "ruff check --select E9 ."},
        {WORKFLOW: GITHUB % "flake8 --extend-ignore=E501,F401"},
        {WORKFLOW: GITHUB % "pylint -E courses"},
        {WORKFLOW: USES % "astral-sh/ruff-action@v3\n        with: {args: format --check}"},
        {WORKFLOW: (USES % "astral-sh/ruff-action@v3") + "        continue-on-error: true\n"},
        {WORKFLOW: GITHUB % "pre-commit run --all-files", ".pre-commit-config.yaml": HOOKS % "ruff-format"},
        {WORKFLOW: GITHUB % "pre-commit run", ".pre-commit-config.yaml": HOOKS % "ruff"},
        {WORKFLOW: GITHUB % "pre-commit run --all-files"},
        {WORKFLOW: GITHUB % "make lint", "Makefile": "lint:\n\t-ruff check .\n"},
        {WORKFLOW: GITHUB % "make lint", "Makefile": "other:\n\truff check .\n"},
        {WORKFLOW: GITHUB % "ruff check .", "ruff.toml": 'lint.ignore = ["F401"]\n'},
        {WORKFLOW: GITHUB % "ruff check .", "pyproject.toml": '[tool.ruff.lint]\nselect = ["E"]\n'},
    ],
)
def test_what_tells_no_unused_imports_is_none(tmp_path: Path, files: Mapping[str, str]) -> None:
    """A formatter, an installation, a linter that cannot fail and one without the rule do not count."""
    with pytest.raises(AssertionError):
        pipeline.a_pipeline_looks_for_unused_imports(_probe(tmp_path, files))


TIERS = """
import pytest

@pytest.mark.parametrize("who", ["guest", "registered", "premium"])
def test_lessons(who):
    assert get(who, "/api/lessons/").status_code in (200, 401)
"""
AT = "courses/tests/test_tiers.py"


@pytest.mark.parametrize(
    "step", [RUN, f"{RUN} --ignore=users", f"{RUN} --ignore courses/tests/browser", f"{RUN} courses users"]
)
def test_runs_of_the_tests_of_tiers_are_found(tmp_path: Path, step: str) -> None:
    """What a run leaves out besides is not asked for."""
    pipeline.a_pipeline_runs_the_tests_of_tiers(_probe(tmp_path, {WORKFLOW: GITHUB % step, AT: TIERS}))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (f"{RUN} --ignore=courses/tests", ""),
        (f"{RUN} --ignore ./courses", ""),
        (RUN, "[pytest]\naddopts = --ignore=courses/tests/test_tiers.py\n"),
    ],
)
def test_runs_without_the_tests_of_tiers_are_told(tmp_path: Path, step: str, said: str) -> None:
    """A run that leaves all of them out is none, whether its step says so or the configuration."""
    files = {WORKFLOW: GITHUB % step, AT: TIERS, "pytest.ini": said}
    with pytest.raises(AssertionError, match="leaves out"):
        pipeline.a_pipeline_runs_the_tests_of_tiers(_probe(tmp_path, files))


ELSEWHERE = (
    "[pytest]\nDJANGO_SETTINGS_MODULE = educore.settings\nfilterwarnings = error\npython_files = check_*.py\n"
)


@pytest.mark.parametrize(
    "files",
    [
        {WORKFLOW: UNSET % f"{RUN} -c educore/pytest.ini", "educore/pytest.ini": ELSEWHERE},
        {
            WORKFLOW: UNSET % RUN,
            "pytest.ini": ELSEWHERE.replace("= error", "=\n    ignore::UserWarning\n    error"),
        },
        {
            WORKFLOW: UNSET % RUN,
            "pytest.ini": ELSEWHERE.replace("filterwarnings = error", "addopts = -W error::Warning"),
        },
        {
            WORKFLOW: (UNSET % f"PYTHONWARNINGS=error {RUN}"),
            "pytest.ini": ELSEWHERE.replace("filterwarnings", "markers"),
        },
    ],
)
def test_what_pytest_is_told_counts_wherever_it_stands(tmp_path: Path, files: Mapping[str, str]) -> None:
    """A file that the run names, options that are always added and the surroundings count as the usual file does."""
    probe = _probe(tmp_path, {**files, "courses/check_access.py": "def test_one(): ...\n"})

    pipeline.a_pipeline_runs_the_tests_in_development_mode(probe)
    pipeline.warnings_fail_a_pipeline(probe)
    pipeline.there_are_tests_to_run(probe)


def test_what_stands_above_the_backend_counts(tmp_path: Path) -> None:
    """What the repository tells pytest counts for the folder of the backend in it; what is above the repository does not."""
    said = "[tool.pytest.ini_options]\nfilterwarnings = ['error']\n"
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    above = _probe(tmp_path, {"pyproject.toml": said, "shop/backend/tests.py": "def test_one(): ...\n"})
    probe = SimpleNamespace(checkout=SimpleNamespace(path=tmp_path / "shop" / "backend"), once=above.once)
    with pytest.raises(AssertionError):
        pipeline.warnings_fail_a_pipeline(probe)

    (tmp_path / "shop" / "pyproject.toml").write_text(said)
    pipeline.warnings_fail_a_pipeline(probe)


@pytest.mark.parametrize(
    "told",
    [
        {WORKFLOW: UNSET % f"{RUN} courses/tests.py"},
        {"pytest.ini": "[pytest]\ntestpaths = courses/tests.py\n"},
    ],
)
def test_file_that_is_named_is_collected(tmp_path: Path, told: Mapping[str, str]) -> None:
    """Whatever a file of tests is called, pytest collects it where a run or the configuration names it."""
    file = {"courses/tests.py": "def test_one(): ...\n"}
    with pytest.raises(AssertionError):
        pipeline.there_are_tests_to_run(_probe(tmp_path, file))

    pipeline.there_are_tests_to_run(_probe(tmp_path, {**told, **file}))
