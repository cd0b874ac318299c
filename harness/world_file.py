"""`world.json`: a world that stands in a database elsewhere, so that a run can ask about it over HTTP.

It holds passwords, though of throwaway accounts only: nobody but its owner may read it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.world import SIZES
from coursegate.contracts.world_values import FromNow
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.atomic_file import OWNER, write_whole
from coursegate.harness.world import LOOKUPS, Account, World

FORMAT = "coursegate world 2"
# Every part of the file and what it is, as JSON.
_PARTS: dict[str, type] = {
    "format": str,
    "contract": str,
    "built": str,
    "seed": str,
    "size": int,
    "ids": dict,
    "lookups": dict,
    "planted": dict,
    "inside": dict,
    "accounts": dict,
    "existing": dict,
    "missing": dict,
    "faults": list,
    "notes": list,
}
_TOKEN = re.compile(r"zq[0-9a-f]{32}")


class WorldFileError(WrongQuestion):
    """A world file cannot be used. The text names the file and says why."""

    def __init__(self, path: Path, complaint: str) -> None:
        super().__init__(f"{path}: {complaint}")


@dataclass(frozen=True)
class WorldFile:
    """A world file whose parts are there; whether they fit a contract is seen when the world is made of them."""

    path: Path
    parts: Mapping[str, Any]

    @property
    def seed(self) -> str:
        return str(self.parts["seed"])

    @property
    def size(self) -> int:
        return int(self.parts["size"])

    def world(self, contract: Contract) -> World:
        """The world as it stands in the other database.

        Raises:
            WorldFileError: it is the world of another contract, or has aged.
        """
        self._check(contract)
        parts, world = self.parts, World(contract.world, self.seed)
        world.ids = dict(parts["ids"])
        world.lookups = {name: dict(named) for name, named in parts["lookups"].items()}
        world.planted = {name: {} for name in parts["planted"]}
        world.accounts = {name: Account(**account) for name, account in parts["accounts"].items()}
        world.existing = {model: set(keys) for model, keys in parts["existing"].items()}
        world.missing = dict(parts["missing"])
        world.faults, world.notes = list(parts["faults"]), list(parts["notes"])
        for part in ("planted", "inside"):
            for name, tokens in parts[part].items():
                for field, token in tokens.items():
                    world.plant(contract.world.objects[name], field, token, inside=part == "inside")
        return world

    def _check(self, contract: Contract) -> None:
        """Whether every object of the contract is accounted for, and nothing else."""
        parts, known = self.parts, contract.world.objects
        if parts["contract"] != _version(contract):
            raise self._error(
                f"it was written for contract {parts['contract']}, this one is {_version(contract)}: seed anew"
            )
        told = parts["ids"].keys() | parts["missing"].keys()
        for part in ("ids", "lookups", "planted", "inside", "accounts", "missing"):
            if strange := sorted(parts[part].keys() - known.keys()):
                raise self._error(f"{part}: no object of the contract is called {strange[0]!r}: seed anew")
        if silent := sorted(known.keys() - told):
            raise self._error(f"ids: it does not say where {silent[0]!r} is: seed anew")
        for part in ("lookups", "planted"):
            if lacking := sorted(parts["ids"].keys() - parts[part].keys()):
                raise self._error(f"{part}: {lacking[0]!r} is lacking")
        self._check_fields(contract)
        if _aged(contract, datetime.fromisoformat(parts["built"])):
            raise self._error(f"built {parts['built']}, and what it says will end has ended since: seed anew")

    def _check_fields(self, contract: Contract) -> None:
        for part in ("planted", "inside"):
            for name, tokens in self.parts[part].items():
                known = contract.world.objects[name].clearance
                if strange := sorted(tokens.keys() - known.keys()):
                    raise self._error(f"{part}: {name} has no protected field {strange[0]!r}: seed anew")

    def _error(self, complaint: str) -> WorldFileError:
        return WorldFileError(self.path, complaint)


def write_world(path: Path, world: World, contract: Contract) -> None:
    """Write a world as it was built, whole or not at all, for its owner's eyes only.

    Raises:
        WorldFileError: the file cannot be written there.
    """
    data = {
        "format": FORMAT,
        "contract": _version(contract),
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": world.seed,
        "size": contract.world.size,
        "ids": world.ids,
        "lookups": world.lookups,
        "planted": world.planted,
        "inside": world.inside,
        "accounts": {name: asdict(account) for name, account in world.accounts.items()},
        "existing": {model: sorted(keys, key=str) for model, keys in world.existing.items()},
        "missing": world.missing,
        "faults": world.faults,
        "notes": world.notes,
    }
    text = json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n"
    try:
        write_whole(path, text, OWNER)
    except OSError as problem:
        raise WorldFileError(path, f"it cannot be written: {problem.strerror}") from None


def check_writable(path: Path) -> None:
    """Whether a world file could be written there, asked before anything is built.

    Raises:
        WorldFileError: it could not.
    """
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise WorldFileError(path, "it cannot be written: no such folder, or no file, or no right to")


def read_world(path: Path) -> WorldFile:
    """Read a world file, each part of it of its kind.

    Raises:
        WorldFileError: there is no such file, or it is something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise WorldFileError(
            path, f"{problem.strerror}. `coursegate seed` writes a world file, `coursegate serve --world` too"
        ) from None
    except ValueError as problem:
        raise WorldFileError(path, f"no JSON: {problem}") from None
    if complaint := _complaint(data):
        raise WorldFileError(path, complaint)
    return WorldFile(path, data)


def _complaint(data: Any) -> str:
    """What is wrong with the data, or ""."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return f"no world file, or one of another version: its `format` is not {FORMAT!r}"
    if absent := _PARTS.keys() - data.keys():
        return f"{min(absent)} is lacking"
    if strange := data.keys() - _PARTS.keys():
        return f"{min(strange)!r} is no part of a world file"
    for name, kind in _PARTS.items():
        if type(data[name]) is not kind:
            return f"{name}: expected {_JSON[kind]}, found {_shown(data[name])}"
    if data["size"] not in SIZES:
        return f"size: {data['size']} is none of {', '.join(map(str, SIZES))}"
    try:
        if datetime.fromisoformat(data["built"]).tzinfo is None:
            raise ValueError
    except ValueError:
        return f"built: {data['built']!r} is no time with a zone"
    return next(filter(None, (_wrong_entry(part, data[part]) for part in _ENTRIES)), "")


def _wrong_entry(part: str, entries: Mapping[str, Any] | list[Any]) -> str:
    """What is wrong with the first bad entry of a part, or ""."""
    is_right, wanted = _ENTRIES[part]
    pairs = entries.items() if isinstance(entries, Mapping) else enumerate(entries)
    return next(
        (
            f"{part}: {name}: expected {wanted}, found {_shown(value)}"
            for name, value in pairs
            if not is_right(value)
        ),
        "",
    )


def _is_key(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and bool(value)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _are_tokens(value: Any) -> bool:
    return _are_texts(value) and all(map(_TOKEN.fullmatch, value.values()))


_ENTRIES: dict[str, tuple[Any, str]] = {
    "ids": (_is_key, "a primary key"),
    "lookups": (
        lambda value: _are_texts(value) and "pk" in value and value.keys() <= {"pk", *LOOKUPS},
        f"texts for pk and perhaps {', '.join(LOOKUPS)}",
    ),
    "planted": (_are_tokens, "a token for each field"),
    "inside": (_are_tokens, "a token for each field"),
    "accounts": (
        lambda value: _are_texts(value) and value.keys() == {"email", "password"},
        "an email and a password",
    ),
    "existing": (
        lambda value: isinstance(value, list) and all(map(_is_key, value)),
        "a list of primary keys",
    ),
    "missing": (_is_text, "a reason"),
    "faults": (_is_text, "a text"),
    "notes": (_is_text, "a text"),
}
_JSON = {str: "a text", int: "a number", dict: "an object", list: "a list"}


def _shown(value: Any) -> str:
    """A value in a complaint; not what it holds, which could be a password."""
    return (
        _JSON.get(type(value), "something else")
        if isinstance(value, (str, dict, list))
        else json.dumps(value)
    )


def _version(contract: Contract) -> str:
    return str(contract.api.document["info"]["version"])


def _aged(contract: Contract, built: datetime) -> bool:
    """Whether a moment that lay ahead when the world was built has come: who had paid then has lapsed now."""
    ahead = [
        value.delta
        for item in contract.world.objects.values()
        for value in item.fields.values()
        if isinstance(value, FromNow) and value.delta > timedelta(0)
    ]
    return bool(ahead) and datetime.now(UTC) > built + min(ahead)
