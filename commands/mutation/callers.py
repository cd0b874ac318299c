"""Which checks call a function of the backend: only they can notice a mistake in it, unless they read its source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursegate.commands.places import cache_folder
from coursegate.commands.proof.forking import run_all
from coursegate.commands.proof.remembering import store, stored
from coursegate.commands.proof.running import run
from coursegate.commands.proof.sampling import at_most
from coursegate.commands.proof.trial import REPORT, Trial

# By its name: it must not be imported before there is a run.
PLUGIN = "coursegate.commands.mutation.calling"
CALLS = "calls.json"
MOST = 64
# What takes longer is not asked about every mutant, but where pools of them are.
SECONDS_PER_CHECK = 0.5


@dataclass
class Callers:
    """The checks that call each function of the reference as it is: they decide what is asked first, and nothing else.

    Attributes:
        path: where it is kept, in the folder of caches of the user.
        known: FILE::FUNCTION -> at most `MOST` of the checks that call it.
    """

    path: Path
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def opened(cls) -> Callers:
        path = cache_folder() / "callers.json"
        return cls(path, stored(path))

    def find(self, rooms: Iterable[str], jobs: int, seconds: float) -> None:
        """Let every check of these rooms be asked once, and keep what it calls."""
        trials = [Trial(room, None, ("-p", PLUGIN, f"--suite={room}")) for room in rooms]
        called: dict[str, tuple[float, list[str]]] = {}
        for ended in run_all(trials, run, jobs, seconds):
            report = (ended.folder / REPORT).with_name(CALLS)
            if report.is_file():
                called |= json.loads(report.read_text(encoding="utf-8"))
        quick = {check: names for check, (took, names) in called.items() if took <= SECONDS_PER_CHECK}
        callers: dict[str, list[str]] = {}
        # What calls little is about little, and comes first.
        for check in sorted(quick, key=lambda check: len(quick[check])):
            for function in quick[check]:
                callers.setdefault(function, []).append(check)
        self.known = {function: at_most(checks, MOST) for function, checks in callers.items()}
        store(self.path, dict(self.known))

    def of(self, place: str) -> list[str]:
        """The checks that call a function, at most `MOST`.

        Of a class, or a module, those that call any of its functions; of what nobody calls, such as the options of a class,
        those of what it stands in.

        Args:
            place: FILE::FUNCTION, FILE::CLASS or FILE::.
        """
        file, _, name = place.partition("::")
        if name and place in self.known:
            return list(self.known[place])
        below = f"{place}." if name else place
        found = [checks for function, checks in self.known.items() if function.startswith(below)]
        if name and not found:
            return self.of(f"{file}::{name.rpartition('.')[0]}")
        return list(at_most(list(dict.fromkeys(check for checks in found for check in checks)), MOST))


def asked_as(check: str) -> str:
    """What to ask for, so that a check calls what it was seen to call.

    The cells of a row of the access table are all asked when the first of them is: that one alone calls less.
    """
    return check.rpartition("/")[0] if check.startswith("access/") else check
