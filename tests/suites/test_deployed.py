"""What the checks of a deployment share, they use one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.harness.targets.source import SourceTarget
from coursegate.harness.verdicts import Kind
from coursegate.suites.deployed import asking
from coursegate.suites.deployed.promise import DeployedCheck


def test_checks_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No check is under way while another one of the same services is, as each would meet the other's tasks."""
    stage: Any = SimpleNamespace(
        services=SimpleNamespace(folder=tmp_path), end_processes=lambda: None, taken=list
    )
    monkeypatch.setattr(asking, "_stage", lambda *_: stage)
    target = SourceTarget.__new__(SourceTarget)  # one that nothing is asked of
    monkeypatch.setattr(target, "binding", None, raising=False)
    bound: Any = SimpleNamespace(target=target)
    here, most = threading.Semaphore(1), []

    def look(_stage: Any) -> Iterator[str]:
        alone = here.acquire(blocking=False)
        most.append(alone)
        time.sleep(0.05)
        if alone:
            here.release()
        return iter(())

    check = DeployedCheck("deployed/x/y", "", "", "x", "It is so.", ("policy 3",), look, Kind.EFFECT)
    with ThreadPoolExecutor(3) as together:
        list(together.map(lambda _: asking.ask(check, bound), range(3)))

    assert most == [True, True, True]
