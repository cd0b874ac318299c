"""The world of the reference backend, built once for the trials of all patches that had no part in building it."""

from __future__ import annotations

import atexit
import pickle
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coursegate.commands.proof.defects import Patch
from coursegate.commands.proof.footprint import Footprint, watched
from coursegate.commands.proof.forking import run_all
from coursegate.commands.proof.trial import REFERENCE, Trial
from coursegate.commands.proof.workshop import compile_backend, copy_compiled
from coursegate.contracts.contract import load_contract
from coursegate.harness.targets.binding import locate
from coursegate.harness.world import DEFAULT_SEED

_WORLD, _FOOTPRINT = "world", "footprint"


@dataclass(frozen=True)
class StandingWorld:
    """Where the world is kept, and what was called on the way to it."""

    file: Path
    footprint: Footprint

    def serves(self, patch: Patch | None, backend: Path) -> bool:
        """Whether a backend with a patch in it would have built the same one.

        Args:
            patch: None for the reference as it is.
            backend: the folder of the patched one.
        """
        files = patch.touched if patch is not None else []
        return self.footprint.is_spared_by(files, compile_backend(), backend)


@cache
def standing_world() -> StandingWorld | None:
    """The world: built in a process that ends with it, for this one and those that are forked from it.

    None where the reference builds none: then each trial says itself what is wrong.
    """
    folder = tempfile.TemporaryDirectory(prefix="coursegate-standing-")
    atexit.register(folder.cleanup)  # trials are forked, and end without this
    place = Path(folder.name)
    for ended in run_all([Trial(REFERENCE, None, ())], _build, 1):
        if ended.code != 0:
            return None
        for name in (_WORLD, _FOOTPRINT):
            shutil.move(ended.folder / name, place)
    return StandingWorld(place / _WORLD, pickle.loads((place / _FOOTPRINT).read_bytes()))


def _build(_trial: Trial, folder: Path) -> int:
    backend, scratch = copy_compiled(folder), folder / "scratch"
    binding, contract = locate(backend), load_contract()
    scratch.mkdir()
    binding.activate(scratch)
    with binding.at_home(), watched(backend) as footprint:
        import django

        django.setup()
        from coursegate.factories.kept import keep
        from coursegate.factories.session import settle

        world = settle(contract, DEFAULT_SEED)
    keep(world, folder / _WORLD)
    (folder / _FOOTPRINT).write_bytes(pickle.dumps(footprint))
    return 0
