"""One patch put to the gate, in a process that was forked for it: it starts the patched backend and asks the checks."""

from __future__ import annotations

import json
import os
import sys
from itertools import chain
from pathlib import Path

from coursegate.commands.places import INI, ROOT
from coursegate.commands.proof.standing import standing_world
from coursegate.commands.proof.trial import REASON, Trial
from coursegate.commands.proof.workshop import DoesNotApply, apply_patch, copy_compiled
from coursegate.commands.run_options import PREFLIGHT_VARIABLE
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.start import check_start
from coursegate.harness.targets.binding import Binding, locate
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import KEPT_VARIABLE

STARTED = "started.json"
# An exit code that no run has.
NOT_STARTED = 99
# Looking through all that is installed for plugins takes a trial as long as one of its checks: it is told which it needs.
# Garbage need not be looked for three times at the end of a process that ends with it.
PLUGINS = ("coursegate.commands.plugin", "pytest_django.plugin", "xdist.plugin")
NO_PLUGINS = ("no:cacheprovider", "no:unraisableexception")


def run(trial: Trial, folder: Path) -> int:
    """Put the patch in, start the backend in this process, ask the checks. Leaves a report, or a reason, in `folder`.

    Returns the exit code of the run. Only for a process that does nothing afterwards.
    """
    try:
        backend = copy_compiled(folder)
        if trial.patch is not None:
            apply_patch(trial.patch.path, backend)
    except (DoesNotApply, OSError) as problem:
        (folder / REASON).write_text(str(problem), encoding="utf-8")
        return 3
    if (standing := standing_world()) and standing.serves(trial.patch, backend):
        os.environ[KEPT_VARIABLE] = str(standing.file)
    # A start that fails leaves a half-started Django behind: what can be judged then is asked in a process that saw none of it.
    process = os.fork()
    if not process:
        started = climb(locate(backend), folder)
        code = NOT_STARTED if started.verdict is Verdict.FAIL else _ask(trial, backend, folder)
        sys.stdout.flush()
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code != NOT_STARTED:
        return code
    os.environ[PREFLIGHT_VARIABLE] = (folder / STARTED).read_text(encoding="utf-8")
    return _ask(trial, backend, folder)


def climb(binding: Binding, folder: Path) -> RungResult:
    """The rung that the checks need to know of, as the environment tells them; the ladder itself is not what is proved."""
    scratch = folder / "scratch"
    scratch.mkdir()
    binding.activate(scratch)
    with binding.at_home():
        started = check_start(binding)
    told = os.environ[PREFLIGHT_VARIABLE] = json.dumps([started.as_dict()])
    (folder / STARTED).write_text(told, encoding="utf-8")
    return started


def _ask(trial: Trial, backend: Path, folder: Path) -> int:
    import pytest

    sys.argv = ["coursegate"]
    plugins = chain.from_iterable(("-p", name) for name in (*PLUGINS, *NO_PLUGINS))
    settings = ["-q", "-c", str(INI), f"--rootdir={ROOT}", "--disable-plugin-autoload", *plugins]
    where = [f"--target={backend}", f"--report-dir={folder / 'reports'}"]
    return int(pytest.main([*settings, *where, *trial.options, str(ROOT / "suites")]))
