"""What a team says of its own backend (`coursegate.toml` in its repository): where things are, and what it does not offer.

[target]
settings = "shop.settings.production"    # unless --settings says otherwise
prefix = "/v2/api/"                      # where the contract says /api/

[routes]                                 # operations that stand elsewhere
"lessons.retrieve" = "/v2/api/units/{id}/"

[models]                                 # models that are called otherwise
"courses.Lesson" = "learning.Unit"

[bodies]                                 # what an operation wants in a body besides; "{password}": what stands under that key
"register.create" = {password2 = "{password}", terms = true}

[unsupported]                            # what is not offered, and why; a star stands for anything
"reviews.*" = "reviews are sold by a partner"

[policy]                                 # where shops differ: the switches of policy.yaml
course-deletion = "cascade"

[former]                                 # what was before: numbers that still verify, [] where none had another format
certificate-numbers = ["EDU-2019-000123"]
api-version = "2.3.0"                    # before any name changed
migration = "0041"                       # of courses, the last one of the previous release

[gate]
waivers = "quality/waivers.yaml"         # default: waivers.yaml beside this file
allow-not-assessed = ["throttled"]
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from coursegate.contracts.bodies import with_bodies
from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import ContractError

NAME = "coursegate.toml"
PREFIX = "/api/"
_NUMBER = re.compile(r"[-\w]{1,50}", re.ASCII)
# Table -> its keys; None where the keys are names of the contract.
TABLES: Mapping[str, frozenset[str] | None] = {
    "target": frozenset({"settings", "prefix"}),
    "routes": None,
    "models": None,
    "rows": None,
    "bodies": None,
    "unsupported": None,
    "policy": None,
    "former": frozenset({"certificate-numbers", "api-version", "migration"}),
    "gate": frozenset({"waivers", "allow-not-assessed"}),
}


@dataclass(frozen=True)
class Agreement:
    """What a `coursegate.toml` says; nothing, where there is none.

    Attributes:
        path: where it stands; None where there is none.
        prefix: what the backend's paths begin with where those of the contract begin with `/api/`.
        routes: operation -> its path in this backend, with a `{name}` for each parameter.
        models: label of the contract -> label of the backend.
        rows: model -> column of the backend's own -> what every row of the world holds there.
        bodies: operation -> key -> what its bodies hold under it besides.
        unsupported: operation, or a pattern of some -> why it is not offered.
        policy: switch of `policy.yaml` -> its position.
        former_numbers: a certificate number of each former format; None where nothing is said of them.
        former_version: of the API, before any name changed; "" where nothing is said of it.
        former_migration: of `courses`, the last one of the previous release, or how it begins; "" where nothing is said of it.
        waivers: the waiver file; None for the usual one.
        allowed: reasons for which `not-assessed` is accepted.
    """

    path: Path | None = None
    settings: str = ""
    prefix: str = PREFIX
    routes: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unsupported: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, str] = field(default_factory=dict)
    former_numbers: tuple[str, ...] | None = None
    former_version: str = ""
    former_migration: str = ""
    waivers: Path | None = None
    allowed: frozenset[str] = frozenset()

    def why_unsupported(self, operation: str) -> str:
        """Why an operation is not offered; "" where it is."""
        return next((why for name, why in self.unsupported.items() if fnmatchcase(operation, name)), "")

    @property
    def of_compat(self) -> dict[str, Any]:
        """What stands in the place of the contract's own words (`Compat`)."""
        said = {"former_numbers": self.former_numbers, "former_version": self.former_version or None}
        return {name: words for name, words in said.items() if words is not None}

    @property
    def told_of_former(self) -> list[str]:
        """What is said of before, in words."""
        said = {
            "certificate numbers": ""
            if self.former_numbers is None
            else ", ".join(self.former_numbers) or "none",
            "version": self.former_version,
            "migration": self.former_migration,
        }
        return [f"former {name}: {words}" for name, words in said.items() if words]

    @property
    def sent_besides(self) -> list[str]:
        """What bodies hold besides, in words; without the values, which may be long."""
        return _named(self.bodies)

    @property
    def held_besides(self) -> list[str]:
        """What the rows of the world hold besides, in words."""
        return _named(self.rows)

    def check(self, api: ApiContract) -> None:
        """Hold it against the operations that there are.

        Raises:
            ContractError: an operation that the contract does not know, a path with other parameters, or a body that
                cannot be added to.
        """
        for name, path in self.routes.items():
            if name not in api.operations:
                raise self._error(f"[routes] {name!r} is no operation of {api.path.name}")
            if path.count("{") != api.operations[name].path.count("{"):
                raise self._error(
                    f"[routes] {name}: {path} must have as many parameters as {api.operations[name].path}"
                )
        with_bodies(api, self.bodies, self.path or Path(NAME))
        for name in self.unsupported:
            if not any(fnmatchcase(known, name) for known in api.operations):
                raise self._error(f"[unsupported] {name!r} is no operation of {api.path.name}")

    def described(self) -> dict[str, Any]:
        """As it stands in `gate.json`: a report says on whose word it rests."""
        return {
            "path": str(self.path),
            "prefix": self.prefix,
            "routes": dict(self.routes),
            "models": dict(self.models),
            **{
                table: {name: list(keys) for name, keys in said.items()}
                for table, said in (("rows", self.rows), ("bodies", self.bodies))
                if said
            },
            "unsupported": dict(self.unsupported),
            "policy": dict(self.policy),
            **({} if self.former_numbers is None else {"former_numbers": list(self.former_numbers)}),
            **({"former_version": self.former_version} if self.former_version else {}),
            **({"former_migration": self.former_migration} if self.former_migration else {}),
        }

    def _error(self, message: str) -> ContractError:
        return ContractError(self.path or Path(NAME), 0, message)


def _named(keys_of: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [f"{name} {', '.join(keys)}" for name, keys in keys_of.items()]


def load_agreement(path: Path) -> Agreement:
    """Read a `coursegate.toml`.

    Raises:
        ContractError: it cannot be read, or says something it must not.
    """
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ContractError(path, 0, f"cannot be read: {problem}") from None
    _check_shape(path, said)
    target, gate, former = said.get("target", {}), said.get("gate", {}), said.get("former", {})
    version = str(former.get("api-version", ""))
    if version and not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ContractError(path, 0, f"[former] api-version {version!r} must be three numbers, as 7.0.0")
    prefix = str(target.get("prefix", PREFIX))
    if not (prefix.startswith("/") and prefix.endswith("/")):
        raise ContractError(path, 0, f"[target] prefix {prefix!r} must begin and end with a slash")
    _check_entries(path, said)
    for name, keys in said.get("bodies", {}).items():
        _check_sendable(path, name, keys)
    return Agreement(
        path=path,
        settings=str(target.get("settings", "")),
        prefix=prefix,
        routes=said.get("routes", {}),
        models=said.get("models", {}),
        rows=said.get("rows", {}),
        bodies=said.get("bodies", {}),
        unsupported=said.get("unsupported", {}),
        policy=said.get("policy", {}),
        former_numbers=_former_numbers(path, former.get("certificate-numbers")),
        former_version=version,
        former_migration=str(former.get("migration", "")),
        waivers=path.parent / str(gate["waivers"]) if "waivers" in gate else None,
        allowed=frozenset(gate.get("allow-not-assessed", ())),
    )


def _check_entries(path: Path, said: Mapping[str, Any]) -> None:
    for table in ("routes", "models", "unsupported", "policy"):
        for name, value in said.get(table, {}).items():
            if not isinstance(value, str) or not value.strip():
                raise ContractError(path, 0, f"[{table}] {name}: expected a text that says something")
            if table == "routes" and not value.startswith("/"):
                raise ContractError(
                    path, 0, f"[routes] {name}: {value!r} is no path: it begins with no slash"
                )
    for table in ("rows", "bodies"):
        for name, keys in said.get(table, {}).items():
            if not isinstance(keys, dict) or not keys:
                raise ContractError(path, 0, f"[{table}] {name}: expected keys and their values")


def _check_sendable(path: Path, name: str, keys: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            raise ContractError(path, 0, f"[bodies] {name}: {key} = {value} cannot be sent as JSON") from None


def _former_numbers(path: Path, said: Any) -> tuple[str, ...] | None:
    if said is None:
        return None
    if not isinstance(said, list) or not all(isinstance(number, str) for number in said):
        raise ContractError(path, 0, "[former] certificate-numbers: expected a list of texts, [] for none")
    if wrong := [number for number in said if not _NUMBER.fullmatch(number)]:
        raise ContractError(
            path,
            0,
            f"[former] certificate-numbers: {wrong[0]!r} stands in no path: letters, digits, - and _, 50 at most",
        )
    return tuple(said)


def _check_shape(path: Path, said: Mapping[str, Any]) -> None:
    for table, entries in said.items():
        if table not in TABLES:
            raise ContractError(path, 0, f"unknown table [{table}]; there are {', '.join(TABLES)}")
        if not isinstance(entries, dict):
            raise ContractError(path, 0, f"{table} is no table")
        known = TABLES[table]
        if known is not None and (unknown := entries.keys() - known):
            raise ContractError(
                path, 0, f"[{table}] unknown key {min(unknown)!r}; there are {', '.join(sorted(known))}"
            )


def agreement_in(folder: Path) -> Agreement:
    """The agreement of a checkout: in the folder of manage.py, else in one above it, up to where the repository begins.

    Raises:
        ContractError: there is one, and it is malformed.
    """
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return load_agreement(place / NAME)
        if (place / ".git").exists():
            break
    return Agreement()
