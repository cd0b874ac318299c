"""What a trial asks of a patched backend, and of which files it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursegate.commands.declared import declared_checks
from coursegate.commands.proof import workshop
from coursegate.commands.proof.defects import Defect, patches
from coursegate.commands.proof.trial import CONTROL_ROWS, control_of, trial_of
from coursegate.contracts.contract import load_contract


def test_control_names_checks_that_there_are() -> None:
    """What a patch must leave alone is a check of the table."""
    names = {name for patch in patches() for name in control_of(patch.id)}

    assert names <= declared_checks(load_contract()).keys()


def test_every_control_row_is_read_by_many() -> None:
    """Each row of the control is read with the defects of several families."""
    families = dict[str, set[str]]()
    for patch in patches():
        for name in control_of(patch.id):
            families.setdefault(name.rpartition("/")[0], set()).add(patch.id.partition("/")[0])

    assert families.keys() == {f"access/{row}" for row in CONTROL_ROWS}
    assert min(map(len, families.values())) > 3


def test_defect_is_put_to_its_own_checks_and_the_control() -> None:
    """A trial asks all that a defect says must fail, and a row that it must leave alone."""
    for patch in patches():
        if isinstance(patch, Defect):
            asked = set(trial_of(patch).options)
            assert {f"--check={name}" for name in (*patch.red, *control_of(patch.id))} <= asked


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A backend of one module, copied with its byte code."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "module.py").write_text("print('as it was')\n")
    monkeypatch.setattr(workshop, "BACKEND", source)
    workshop.compile_backend.cache_clear()
    (tmp_path / "copy").mkdir()
    yield workshop.copy_compiled(tmp_path / "copy")
    workshop.compile_backend.cache_clear()


def _told(backend: Path) -> str:
    command = [sys.executable, "-B", "-c", "import module"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=backend).stdout


def test_byte_code_is_copied(made: Path) -> None:
    """The copy of a backend has byte code beside its modules, and runs as they say."""
    assert list(made.glob("__pycache__/module.*.pyc"))
    assert _told(made) == "as it was\n"


def test_patched_module_is_compiled_anew(made: Path) -> None:
    """Byte code of what a module was does not stand for what it is, not even with the same length and time."""
    module = made / "module.py"
    before = module.stat()
    module.unlink()
    module.write_text("print('as it is ')\n")
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert module.stat().st_size == before.st_size
    assert _told(made) == "as it is \n"


def test_patch_of_one_copy_is_in_no_other(made: Path, tmp_path: Path) -> None:
    """A patch changes the copy that it is put into, and neither what was compiled nor the next copy."""
    patch = tmp_path / "one.patch"
    patch.write_text(
        "diff --git a/backend/module.py b/backend/module.py\n--- a/backend/module.py\n+++ b/backend/module.py\n"
        "@@ -1 +1 @@\n-print('as it was')\n+print('as it is ')\n"
    )
    (tmp_path / "next").mkdir()

    workshop.apply_patch(patch, made)

    assert _told(made) == "as it is \n"
    assert _told(workshop.copy_compiled(tmp_path / "next")) == "as it was\n"
