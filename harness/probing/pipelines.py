"""What the pipelines of a project run: of GitHub, GitLab, Azure, Bitbucket, CircleCI, Jenkins, and scripts in `.ci/`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from coursegate.harness.probing.folders import roots_of
from coursegate.harness.probing.handing_on import with_what_they_run
from coursegate.harness.probing.missing import Missing
from coursegate.harness.probing.scripts import Command, commands_of, told_to_the_runner

PIPELINES = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", "azure-pipelines.yml",
             "bitbucket-pipelines.yml", ".circleci/config.yml", ".ci/*", "Jenkinsfile")  # fmt: skip
_SCRIPTS = frozenset({"run", "script", "bash", "command"})
_OFF = (False, "false", "never", "manual")
_ON = (True, "true")
# What starts a workflow of GitHub when somebody asks for it, and never else.
_BY_HAND = frozenset({"workflow_dispatch", "repository_dispatch"})
_ONE_EVENT = re.compile(r"""github\.event_name\s*==\s*['"](\w+)['"]""")


def pipelines_of(checkout: Path) -> list[Path]:
    """The files of its pipelines, in a fixed order."""
    return [
        path
        for root in roots_of(checkout)
        for pattern in PIPELINES
        for path in sorted(root.glob(pattern))
        if path.is_file()
    ]


def commands_run(checkout: Path) -> list[Command]:
    """What the pipelines run by themselves, without steps that never are run; with what make, pre-commit or a script runs then.

    Raises:
        Missing: one of them is no YAML.
    """
    found: list[Command] = []
    for path in pipelines_of(checkout):
        if path.suffix in {".yml", ".yaml"}:
            try:
                document = yaml.safe_load(path.read_bytes())
            except yaml.YAMLError as problem:
                raise Missing(f"{path.name} is no YAML: {' '.join(str(problem).split())[:200]}") from None
            if (events := _events_of(document)) is not None:
                if events <= _BY_HAND:
                    continue
                document = _without_jobs_of_others(document, events)
            found += _run(document, {}, before="", noticed=True)
        else:
            found += commands_of(path.read_text("utf-8", "replace"))
    return list(with_what_they_run(found, roots_of(checkout)))


def _events_of(document: Any) -> frozenset[str] | None:
    """What starts a workflow of GitHub; None where the file says nothing of it, as those of others do."""
    if not isinstance(document, dict):
        return None
    # YAML 1.1 reads `on` as true.
    said = document.get("on", document.get(True))
    said = [said] if isinstance(said, str) else said
    return frozenset(map(str, said)) if isinstance(said, list | dict) and said else None


def _without_jobs_of_others(document: dict[Any, Any], events: frozenset[str]) -> dict[Any, Any]:
    """A workflow without the jobs that wait for one event which does not start it; one that others call may have any."""
    jobs = document.get("jobs")
    if not isinstance(jobs, dict) or "workflow_call" in events:
        return document
    kept = {}
    for name, job in jobs.items():
        said = _said(job, "if") if isinstance(job, dict) else []
        waits_for = _ONE_EVENT.fullmatch(said[0]) if said and isinstance(said[0], str) else None
        if waits_for is None or waits_for[1] in events:
            kept[name] = job
    return {**document, "jobs": kept}


def _run(node: Any, variables: Mapping[str, str], *, before: str, noticed: bool) -> Iterator[Command]:
    """Every command of a part of a pipeline: `run` of GitHub and CircleCI, `script` of the others, or an action."""
    if isinstance(node, list):
        for item in node:
            commands = list(_run(item, variables, before=before, noticed=noticed))
            yield from commands
            variables = {**variables, **told_to_the_runner(commands)}
    if not isinstance(node, dict) or _is_off(node):
        return
    noticed = noticed and not _may_fail(node)
    sections = (node.get(key) for key in ("env", "variables", "environment"))
    own: dict[Any, Any] = next((section for section in sections if isinstance(section, dict)), {})
    variables = {**variables, **{str(name): str(value) for name, value in own.items()}}
    before = _text(node["before_script"]) if "before_script" in node else before
    if isinstance(node.get("uses"), str):
        yield from commands_of(_of_action(node), variables, noticed=noticed)
    for key, value in node.items():
        if key in _SCRIPTS and (text := _text(value)):
            # What is exported in front of a script of GitLab is set in it.
            yield from commands_of(f"{before}\n{text}", variables, noticed=noticed)
        if key != "before_script":
            yield from _run(value, variables, before=before, noticed=noticed)


def _text(script: Any) -> str:
    lines = script if isinstance(script, list) else [script]
    return "\n".join(line for line in lines if isinstance(line, str))


def _said(node: Mapping[Any, Any], *keys: str) -> list[Any]:
    """What a part of a pipeline says for some of its keys, an expression that is a constant without its braces."""
    values = (node[key] for key in keys if key in node)
    return [value.strip("${} ") if isinstance(value, str) else value for value in values]


def _is_off(node: Mapping[Any, Any]) -> bool:
    """Whether a job or step never runs by itself."""
    return any(
        value in _OFF for value in _said(node, "if", "when", "enabled", "condition") if value is not None
    )


def _may_fail(node: Mapping[Any, Any]) -> bool:
    """Whether the pipeline goes on as if nothing had been where a job or step fails."""
    return any(value in _ON for value in _said(node, "continue-on-error", "continueOnError", "allow_failure"))


def _of_action(node: Mapping[Any, Any]) -> str:
    """What an action runs, as far as it is a linter's or that of pre-commit; "" for others."""
    action = node["uses"].partition("@")[0].lower()
    given = node.get("with")
    inputs: dict[Any, Any] = given if isinstance(given, dict) else {}
    if action.endswith("/ruff-action"):
        return f"ruff {inputs.get('args') or 'check'} {inputs.get('src') or ''}"
    if action == "pre-commit/action":
        return f"pre-commit run {inputs.get('extra_args') or '--all-files'}"
    name = action.rpartition("/")[2]
    return next(
        (f"{linter} {inputs.get('args') or ''}" for linter in ("flake8", "pylint") if linter in name), ""
    )
