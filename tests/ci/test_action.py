"""The action's own shell steps: what they hand on, what they tell, and what they accept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.report.writing import write_all
from coursegate.tests.ci.steps import action_step, run, stub
from coursegate.tests.gate.gate_process import BACKEND
from coursegate.tests.harness.sample_runs import RED, result

NOTHING = dict.fromkeys(("SETTINGS", "PHASE", "BASELINE", "WAIVERS", "OPTIONS"), "")


def test_every_input_reaches_a_step() -> None:
    """What a workflow may say is read by some step, through its environment: never pasted into a script."""
    from coursegate.tests.ci.steps import read

    action = read("action.yml")
    steps = action["runs"]["steps"]
    said = repr([step.get(key) for step in steps for key in ("env", "with", "if")])
    assert [name for name in action["inputs"] if f"inputs.{name}" not in said] == []
    assert not any("${{" in step.get("run", "") for step in steps)


@pytest.mark.parametrize("requirements", ["", "requirements.txt"])
def test_gate_is_installed_beside_the_backend(tmp_path: Path, requirements: str) -> None:
    """The backend's requirements come first, where they are named, then the gate with the extras it is to have."""
    tools = stub(tmp_path / "tools", "python", 'echo "python $*"')

    ran = run(
        action_step("Install the gate beside the backend")["run"],
        tmp_path,
        {"GATE": "/g", "REQUIREMENTS": requirements, "EXTRAS": "services,fuzz"},
        tools,
    )

    lines = ran.output.splitlines()
    assert ran.code == 0
    assert lines[-1] == "python -m pip install --quiet /g[services,fuzz]"
    assert lines[:-1] == (
        [f"python -m pip install --quiet --requirement {requirements}"] if requirements else []
    )


def test_options_become_arguments(tmp_path: Path) -> None:
    """Each input becomes one argument, whatever blanks it holds; empty ones become none."""
    tools = stub(tmp_path / "tools", "coursegate", 'printf "[%s]" "$@"; exit 4')
    said = {
        "TARGET": "a folder",
        "PHASE": "1",
        "OPTIONS": "-n2\n\n--allow-not-assessed=throttled\n",
        "REPORTS": "reports",
    }

    ran = run(action_step("Judge")["run"], tmp_path, {**NOTHING, **said}, tools)

    wanted = "[run][--target=a folder][--report-dir=reports][--phase=1][-n2][--allow-not-assessed=throttled]"
    assert ran.output == wanted
    assert (ran.code, ran.outputs) == (0, {"exit-code": "4", "verdict": "none"})


def test_run_of_a_part_is_not_accepted(tmp_path: Path) -> None:
    """The step judges a real backend; a selection that finds nothing wrong is partial, and the action fails."""
    said = {
        "TARGET": str(BACKEND),
        "OPTIONS": "--suite=access\n--operation=categories.list",
        "REPORTS": "reports",
    }

    judged = run(action_step("Judge")["run"], tmp_path, {**NOTHING, **said})
    told = run(action_step("Tell")["run"], tmp_path, {"REPORTS": "reports"})
    decided = run(
        action_step("Decide")["run"],
        tmp_path,
        {"VERDICT": judged.outputs["verdict"], "CODE": judged.outputs["exit-code"]},
    )

    assert (judged.code, judged.outputs) == (0, {"exit-code": "0", "verdict": "partial"}), judged.output
    assert told.summary.startswith("## coursegate: partial")
    assert decided.code == 1


def test_earlier_result_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """Where the question was wrong, the gate.json of an earlier step is gone."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "gate.json").write_text('{"verdict": "pass"}')

    ran = run(action_step("Judge")["run"], tmp_path, {**NOTHING, "TARGET": "nowhere", "REPORTS": "reports"})

    assert ran.outputs == {"exit-code": "4", "verdict": "none"}
    assert "there is no such folder" in ran.output


def test_broken_promises_are_told(tmp_path: Path) -> None:
    """The summary goes to the step, the gravest results become annotations at the code."""
    write_all(result(*RED), load_contract(), tmp_path)

    ran = run(action_step("Tell")["run"], tmp_path, {"REPORTS": "."})

    assert ran.code == 0, ran.output
    assert ran.summary == (tmp_path / "summary.md").read_text(encoding="utf-8")
    first = ran.output.splitlines()[0]
    assert first.startswith(
        "::error file=manage.py,line=1,title=coursegate ARCH-01::lessons.retrieve as guest: "
    )
    assert "%0AAsk again: coursegate replay access/lessons.retrieve/lesson-premium/guest" in first


@pytest.mark.parametrize(
    ("verdict", "code", "ends"),
    [("pass", "0", 0), ("partial", "0", 1), ("fail", "1", 1), ("none", "4", 4), ("interrupted", "2", 2)],
)
def test_only_a_pass_is_accepted(tmp_path: Path, verdict: str, code: str, ends: int) -> None:
    """The action ends as the gate did, and never well for anything but a pass."""
    assert run(action_step("Decide")["run"], tmp_path, {"VERDICT": verdict, "CODE": code}).code == ends


def test_bash_is_here() -> None:
    """The steps are run by the shell that they are written for."""
    assert shutil.which("bash")
