"""A world that stands elsewhere comes back from its file as it was built, or the file is refused by name."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.canaries import Canary, mint
from coursegate.harness.world import Account, World
from coursegate.harness.world_file import WorldFileError, read_world, write_world


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def world(contract: Contract) -> World:
    """A world in which everything of the contract stands but one object."""
    world = World(contract.world, "seed")
    for number, item in enumerate(contract.world.objects.values(), 1_000_001):
        world.ids[item.name], world.lookups[item.name] = number, {"pk": str(number), "slug": item.name}
        world.planted[item.name] = {name: mint("seed", item.name, name) for name in item.clearance}
        for name, token in world.planted[item.name].items():
            world.aviary.add(Canary(token, item.name, item.model, name, item.clearance[name]))
    for part in (world.ids, world.lookups, world.planted):
        del part["lesson-premium"]
    world.missing["lesson-premium"] = "it could not be built"
    world.accounts["staff"] = Account("staff@example.test", "secret")
    world.existing = {"courses.Course": {7, 8}}
    world.faults, world.notes = ["a fault"], ["a note"]
    return world


@pytest.fixture
def file(tmp_path: Path, world: World, contract: Contract) -> Path:
    write_world(tmp_path / "world.json", world, contract)
    return tmp_path / "world.json"


def test_world_comes_back_as_it_was_built(file: Path, world: World, contract: Contract) -> None:
    """Ids, names, tokens, accounts and what is not there survive the way through the file."""
    world.aviary.canaries = {
        prefix: canary
        for prefix, canary in world.aviary.canaries.items()
        if canary.object != "lesson-premium"
    }

    assert read_world(file).world(contract) == world


def test_only_its_owner_can_read_it(file: Path) -> None:
    """The file holds passwords, so nobody else may read it, whatever stood there before."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["world.json"]


def _refusal(file: Path, contract: Contract) -> str:
    with pytest.raises(WorldFileError) as caught:
        read_world(file).world(contract)
    text = str(caught.value)
    assert text.startswith(f"{file}: ")
    return text


def test_file_that_is_not_there_says_who_writes_one(tmp_path: Path, contract: Contract) -> None:
    """Without a file the refusal says how to get one."""
    assert "coursegate seed" in _refusal(tmp_path / "none.json", contract)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "something else"}', "null"])
def test_something_else_is_refused(tmp_path: Path, contract: Contract, text: str) -> None:
    """What is no world file is refused, not read."""
    path = tmp_path / "world.json"
    path.write_text(text)

    assert "no JSON" in (said := _refusal(path, contract)) or "no world file" in said


AGED = (datetime.now(UTC) - timedelta(days=400)).isoformat()
WRONG: dict[str, tuple[str, Any, str]] = {
    "part-lacking": ("seed", None, "seed is lacking"),
    "part-of-another-kind": ("size", "1", "size: expected a number, found a text"),
    "size-that-is-none": ("size", 7, "size: 7 is none of 1, 10, 100"),
    "no-key": ("ids", {"staff": None}, "ids: staff: expected a primary key, found null"),
    "no-token": ("planted", {"staff": {"email": "zq"}}, "planted: staff: expected a token for each field"),
    "no-password": ("accounts", {"staff": {"email": "a@b.test"}}, "expected an email and a password"),
    "no-time": ("built", "yesterday", "built: 'yesterday' is no time with a zone"),
    "aged": ("built", AGED, "what it says will end has ended since: seed anew"),
    "another-contract": ("contract", "1.0", "written for contract 1.0"),
    "unknown-object": ("missing", {"unicorn": "shy"}, "no object of the contract is called 'unicorn'"),
    "silent-about-an-object": ("missing", {}, "it does not say where 'lesson-premium' is"),
}


@pytest.mark.parametrize(("part", "value", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_wrong_part_is_named(file: Path, contract: Contract, part: str, value: Any, complaint: str) -> None:
    """A part that is lacking, of another kind or of another contract is named with what is wrong."""
    data = json.loads(file.read_text())
    data[part] = value
    file.write_text(json.dumps({key: inner for key, inner in data.items() if inner is not None}))

    assert complaint in (said := _refusal(file, contract)), said


def test_complaint_shows_no_password(file: Path, contract: Contract) -> None:
    """What is refused is described, not shown: it could be a secret."""
    data = json.loads(file.read_text())
    data["accounts"]["staff"]["extra"] = "s3cret"
    file.write_text(json.dumps(data))

    assert "s3cret" not in _refusal(file, contract)
