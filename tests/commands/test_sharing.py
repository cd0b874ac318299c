"""How many processes share a run: what somebody typed decides, then what is asked."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.commands.sharing import MOST_PROCESSES, processes_for, sharing_options
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.session import Selection
from coursegate.harness.targets.deployment import Deployment
from coursegate.harness.verdicts import Verdict


@pytest.mark.parametrize(
    "typed",
    [
        ["-n2"],
        ["-n", "4"],
        ["--numprocesses=1"],
        ["-p", "no:xdist"],
        ["--dist=loadfile"],
        ["--pdb"],
        ["--co"],
    ],
)
def test_what_is_typed_decides(typed: list[str]) -> None:
    """Who says how a run is shared, or debugs it, is not overruled."""
    assert sharing_options(["--suite=access", *typed]) == []


def test_nothing_is_decided_by_other_options() -> None:
    """Options of the gate that look like those of pytest-xdist decide nothing."""
    assert sharing_options(["--phase=1", "--contract=0.1", "--config", "a.toml", "-q"]) == ["-n", "auto"]


def _processes(
    monkeypatch: pytest.MonkeyPatch,
    *,
    cores: int = 4,
    binding: Any = None,
    fallen: bool = False,
    **asked: Any,
) -> int:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    chosen = {name: asked.pop(name, "") for name in ("keyword", "markexpr", "lf")}
    config: Any = SimpleNamespace(
        option=SimpleNamespace(**chosen), getoption=lambda name, default: chosen.get(name) or default
    )
    options: Any = SimpleNamespace(selection=Selection(**asked), binding=binding)
    results = [RungResult("start", Verdict.FAIL, ("a cause",), "everything above")] if fallen else []
    return processes_for(config, options, results)


@pytest.mark.parametrize(("cores", "processes"), [(1, 0), (2, 2), (4, 4), (64, MOST_PROCESSES)])
def test_whole_suites_are_shared_by_the_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, processes: int
) -> None:
    """Everything, also of an earlier release, is shared by all cores up to a limit."""
    assert _processes(monkeypatch, cores=cores, left_out=frozenset({"a/check"})) == processes


@pytest.mark.parametrize(
    "asked",
    [
        {"checks": frozenset({"access"})},
        {"findings": frozenset({"SER-02"})},
        {"operations": frozenset({"lessons.list"})},
        {"principals": frozenset({"guest"})},
        {"keyword": "lessons"},
        {"markexpr": "not slow"},
        {"lf": True},
        {"fallen": True},
        {"binding": Deployment.__new__(Deployment)},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_what_is_quick_is_not_shared(monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    """A few checks, a backend that does not start and a deployment are asked by one process."""
    assert _processes(monkeypatch, **asked) == 0
