"""How many processes share a run, where nobody says so with `-n`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from coursegate.harness.preflight.ladder import RungResult, blocking
from coursegate.harness.targets.deployment import Deployment

if TYPE_CHECKING:  # every command asks what to share, and few need what reads the options of a run
    import pytest

    from coursegate.commands.run_options import RunOptions

# Each holds the target and a world of its own: half a gigabyte.
MOST_PROCESSES = 8
# With any of these somebody has decided how a run is shared, or wants to see one process at work.
_DECIDED = frozenset({"--numprocesses", "--dist", "--tx", "--pdb", "--trace", "--collect-only", "--co"})
_DECIDED_SHORT = ("-n", "-p")


def sharing_options(typed: Sequence[str]) -> list[str]:
    """What to ask of pytest-xdist besides what was typed."""
    decided = any(
        option.startswith(_DECIDED_SHORT) or option.partition("=")[0] in _DECIDED for option in typed
    )
    return [] if decided else ["-n", "auto"]


def processes_for(config: pytest.Config, options: RunOptions, results: Sequence[RungResult]) -> int:
    """So many as there are cores, for whole suites of a checkout that starts; 0, none besides this one, for what is quick.

    A deployment is asked by one process: what it may be asked is bounded, and counted.
    """
    asked = options.selection
    narrow = asked.operations or asked.principals or asked.checks or asked.findings
    narrow = (
        narrow or config.option.keyword or config.option.markexpr or config.getoption("lf", default=False)
    )
    if narrow or isinstance(options.binding, Deployment) or blocking(results) is not None:
        return 0
    cores = os.cpu_count() or 1
    return min(cores, MOST_PROCESSES) if cores > 1 else 0
