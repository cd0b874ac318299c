"""Every nasty target gets a report that tells the true cause first, and is left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import run_gate
from coursegate.tests.targets.nasty import Nasty, fingerprint

NASTY = (
    Nasty("syntax-error", "source", "courses/models/lesson.py:5: SyntaxError: '(' was never closed"),
    Nasty(
        "missing-app",
        "imports",
        "INSTALLED_APPS of shop.settings: no module named 'corsheaders_from_elsewhere' "
        "(pip install corsheaders_from_elsewhere)",
    ),
    Nasty("urls-raise", "imports", "courses/urls.py:3: ImportError: cannot import name 'lessons'"),
    Nasty(
        "servers-at-import", "imports", "shop/settings.py:10: OperationalError: … start it, or name others"
    ),
    Nasty("env-file-missing", "imports", "shop/settings.py:10: FileNotFoundError: … (make one"),
    Nasty("variable-missing", "imports", "shop/settings.py:10: … variable EDUCORE_DATABASE_NAME)"),
    Nasty("start-blocks", "start", "courses/apps.py:10: not done after 30 s"),
    Nasty("exit-on-import", "imports", "courses/models/course.py:7: SystemExit: 0"),
    Nasty(
        "no-migrations",
        "database",
        "users has models and no migrations",
        answers=True,
        without="*/migrations",
    ),
    Nasty(
        "swallowing-queryset",
        "http",
        "courses/urls.py:131: FieldError: Cannot resolve keyword 'is_publishd' … behind the 404 of courses.retrieve",
        answers=True,
    ),
    Nasty(
        "token-redirect",
        "http",
        "whoever brings a token is turned away … 302 to /accounts/login/",
        answers=True,
    ),
    Nasty("every-request-400", "http", "educore/hosts.py:10: DisallowedHost: … behind the 400", answers=True),
    Nasty(
        "enrollment-deadlock",
        "database",
        "enrollment-registered: stored past courses.Enrollment.save() … not done after 5 s, it stood in "
        "courses/models/__init__.py:",
        answers=True,
    ),
)
# What of a nasty target may pass: its routes are what they are, and a guest is none of those who bring a token.
MAY_PASS = {"no-migrations": "access/", "enrollment-deadlock": "access/", "token-redirect": "access/"}


# Of a kind with another one.
BY_NIGHT = {"env-file-missing", "variable-missing"}


@pytest.mark.parametrize(
    "nasty",
    [
        pytest.param(nasty, id=nasty.name, marks=[pytest.mark.exhaustive] if nasty.name in BY_NIGHT else [])
        for nasty in NASTY
    ],
)
def test_true_cause_comes_first(nasty: Nasty, tmp_path: Path) -> None:
    """The first cause of the first rung that fails is the true one, nothing unearned passes, no file has changed."""
    root = nasty.grow(tmp_path)
    before = fingerprint(root)

    run = run_gate(tmp_path, "--operation=categories.list", "--suite=access", target=root)

    assert run.code == 1, run.output
    assert "Traceback" not in run.output
    first = next(rung for rung in run.result["preflight"] if rung["verdict"] == "fail")
    assert first["rung"] == nasty.rung, run.output
    for part in nasty.cause.split("…"):
        assert part.strip() in first["cause"]
    assert first["cause"].startswith(nasty.cause.split("…")[0].strip())
    passed = {name for name, verdict in run.verdicts().items() if verdict == "pass"}
    assert not passed or nasty.name in MAY_PASS, run.output
    assert fingerprint(root) == before


@pytest.mark.exhaustive
@pytest.mark.parametrize("workers", ["0", "1"], ids=["alone", "in-a-worker"])
def test_process_that_cannot_be_left_is_given_up(workers: str, tmp_path: Path) -> None:
    """A request that catches its own time limit costs a process; it is a hang, and the rest is judged in a fresh one."""
    root = Nasty("never-lets-go", "", "", answers=True).grow(tmp_path)
    asked = (
        "--operation=categories.list",
        "--operation=categories.retrieve",
        "--principal=guest",
        "--suite=access",
    )

    run = run_gate(tmp_path, *asked, "-n", workers, target=root)

    kinds = {cell["operation"]: cell["kind"] for cell in run.result["cells"]}
    assert run.code == 1, run.output
    assert kinds == {"categories.list": "", "categories.retrieve": "hang"}
    assert all("courses/urls.py:" in cell["reason"] for cell in run.failures())
    assert run.judged_share() == 1.0


@pytest.mark.exhaustive
def test_request_that_never_returns_is_told_with_where_it_stood(tmp_path: Path) -> None:
    """An enrolment that deadlocks is a hang with its place, and what the lock does not touch is judged."""
    root = next(nasty for nasty in NASTY if nasty.name == "enrollment-deadlock").grow(tmp_path)

    run = run_gate(tmp_path, "--operation=enrollments.create", "--operation=notes.list", target=root)

    hangs = [cell for cell in run.failures() if cell["kind"] == "hang"]
    assert hangs, run.output
    assert all("courses/models/__init__.py:" in cell["reason"] for cell in hangs)
    untouched = {cell["verdict"] for cell in run.result["cells"] if cell["operation"] == "notes.list"}
    assert untouched <= {"pass", "not-applicable"}


@pytest.mark.exhaustive
def test_start_that_hangs_is_waited_for_once(tmp_path: Path) -> None:
    """Where the ladder has seen the start hang, a fresh interpreter gets little time, and the others none."""
    root = next(nasty for nasty in NASTY if nasty.name == "start-blocks").grow(tmp_path)

    run = run_gate(tmp_path, "--finding=APP-01", "--finding=STO-02", target=root)

    told = [cell["reason"] for cell in run.failures()]
    assert run.code == 1, run.output
    assert any("not done after 5 s" in reason for reason in told), told
    assert not any("not done after 60 s" in reason for reason in told), told


def test_tree_without_the_app_is_no_backend(tmp_path: Path) -> None:
    """A tree without a `courses` app is the wrong question, and stays as it was."""
    root = Nasty("no-courses", "", "", without="courses").grow(tmp_path)
    before = fingerprint(root)

    run = run_gate(tmp_path, target=root)

    assert run.code == 4
    assert "no `courses` app" in run.output
    assert fingerprint(root) == before


def test_settings_of_production_are_no_hindrance(tmp_path: Path) -> None:
    """PostgreSQL, Redis, a log file, HTTPS and an absent .env, named in settings only, stand in nobody's way."""
    root = Nasty("production-settings", "", "", answers=True).grow(tmp_path)
    before = fingerprint(root)

    run = run_gate(tmp_path, "--operation=categories.list", "--suite=access", target=root)

    assert run.code == 0, run.output
    assert "FAIL" not in run.output
    assert fingerprint(root) == before
