"""A run that was not what it was to be is void, says why, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.world import Account
from coursegate.harness.world_file import write_world
from coursegate.tests.harness.imagined import imagined_world
from coursegate.tests.load.load_process import LoadRun, finished, run_load, started

VOID = 5


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    """What stands in a database that nobody serves."""
    contract = load_contract()
    world = imagined_world(contract)
    world.accounts["registered"] = Account("registered@example.org", "never sent")
    write_world(tmp_path / "world.json", world, contract)
    return tmp_path / "world.json"


def codes(run: LoadRun) -> list[str]:
    return [hole["code"] for hole in run.verdict["void"]]


def alive(noted: dict[str, Any]) -> list[int]:
    pids = [noted["locust"], noted["server"], *noted["workers"]]
    return [pid for pid in pids if pid and psutil.pid_exists(pid)]


def test_a_target_that_does_not_answer(tmp_path: Path, world_file: Path) -> None:
    """Nobody listens at the URL: the run is void before it begins."""
    run = run_load(tmp_path, "--target=http://127.0.0.1:9", f"--world={world_file}", "--profile=brief")
    assert run.ended == (VOID, "void", "target-unreachable"), run.printed


def test_an_objective_for_a_scenario_that_does_not_exist(tmp_path: Path) -> None:
    """Objectives that name nothing are the wrong question, and an earlier verdict does not stand in for an answer."""
    slo = tmp_path / "slo.yaml"
    slo.write_text(
        "profiles:\n  brief:\n    - {scenario: serach, tier: all, stage: steady, samples: 200, errors: 0.01}\n"
    )
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "verdict.json").write_text(json.dumps({"verdict": "pass", "cause": ""}))
    run = run_load(tmp_path, f"--slo={slo}", "--profile=brief")
    assert run.ended == (4, "void", "objectives-unusable"), run.printed
    assert "slo.yaml:3: no scenario is called 'serach'" in run.printed


def test_a_host_that_nobody_allowed(tmp_path: Path, world_file: Path) -> None:
    """Another machine is not asked, and the answer says how to allow it."""
    run = run_load(tmp_path, "--target=https://staging.example", f"--world={world_file}")
    assert run.code == 4
    assert "--allow-host=staging.example" in run.printed


def test_a_checkout_that_does_not_start(tmp_path: Path, backend: Path) -> None:
    """A backend that cannot be imported has not been put under load."""
    (backend / "courses" / "models" / "__init__.py").write_text("def broken(:\n")
    run = run_load(tmp_path, f"--target={backend}", "--profile=brief")
    assert run.ended == (VOID, "void", "target-does-not-start"), run.printed


@pytest.mark.exhaustive
def test_no_requests_at_all(tmp_path: Path) -> None:
    """A run that may send nothing has shown nothing."""
    run = run_load(tmp_path, "--profile=brief", "--max-requests=0")
    assert run.ended == (VOID, "void", "no-requests"), run.printed


@pytest.mark.exhaustive
def test_a_cap_on_requests(tmp_path: Path) -> None:
    """A run that had to stop sending before its end is void."""
    run = run_load(tmp_path, "--profile=brief", "--max-requests=100")
    assert run.ended[:2] == (VOID, "void"), run.printed
    assert "capped" in codes(run)


@pytest.mark.exhaustive
def test_a_server_that_is_killed(tmp_path: Path) -> None:
    """A server that dies during the run is told as such, not as a slow one."""
    with started(tmp_path, "--profile=brief") as (process, noted):
        os.killpg(noted["server"], signal.SIGKILL)
        run = finished(process, tmp_path)
    assert run.ended == (VOID, "void", "server-ended"), run.printed
    assert not alive(noted)


@pytest.mark.exhaustive
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_generator_that_is_ended(tmp_path: Path, number: int) -> None:
    """Whatever ended Locust in the middle, the run is void."""
    with started(tmp_path, "--profile=brief") as (process, noted):
        os.kill(noted["locust"], number)
        run = finished(process, tmp_path)
    assert run.ended == (VOID, "void", "generator-ended"), run.printed
    assert not alive(noted)


@pytest.mark.exhaustive
def test_one_of_three_workers_is_killed(tmp_path: Path) -> None:
    """A master and three workers, of which one is killed: Locust goes on, and the run is void and says why."""
    with started(tmp_path, "--profile=brief", "--workers=3") as (process, noted):
        os.kill(noted["workers"][1], signal.SIGKILL)
        run = finished(process, tmp_path)
    assert run.ended == (VOID, "void", "worker-lost"), run.printed
    assert "of 3 workers 2 were alive" in run.verdict["reason"]
    assert not alive(noted)


@pytest.mark.exhaustive
def test_three_workers_share_the_plan(tmp_path: Path) -> None:
    """A master and three workers that live make one whole run."""
    run = run_load(tmp_path, "--profile=brief", "--workers=3")
    assert run.ended == (0, "pass", ""), run.printed
    assert len(run.verdict["generator"]["workers"]) == 3


@pytest.mark.exhaustive
def test_whoever_stops_the_command_leaves_nothing(tmp_path: Path) -> None:
    """After SIGTERM no process of the run is left, and the run is no pass."""
    with started(tmp_path, "--profile=brief") as (process, noted):
        process.send_signal(signal.SIGTERM)
        run = finished(process, tmp_path)
    assert run.ended == (2, "void", "interrupted"), run.printed
    assert not alive(noted)
