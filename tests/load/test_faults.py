"""Each seeded fault of a backend ends a run with the verdict that is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.tests.load.faults import faults, run_fault

FAULTS = faults()
# The one that is asked for in every run of the tests; the others take half a minute each.
ALWAYS = "lost-progress-update"


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name == ALWAYS else [pytest.mark.exhaustive]) for name in FAULTS],
)
def test_a_seeded_fault_is_noticed(name: str, tmp_path: Path) -> None:
    """A backend with one fault that only traffic shows never passes, and the verdict names what is wrong."""
    run = run_fault(FAULTS[name], tmp_path)
    assert run.ended == (1, *FAULTS[name].ends), run.printed
