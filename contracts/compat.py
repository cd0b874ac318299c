"""What must survive the remediation: names, paths and keys that others rely on (`compat.yaml`, COMPAT-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import Entry, read


@dataclass(frozen=True)
class Compat:
    """What others rely on.

    Attributes:
        imports: module -> names that can be imported from it.
        calls: module -> function -> its parameters; one that may be left out ends in "=", and those before "/" have no name.
        url_names: URL name -> path as in `openapi.yaml`.
        response_keys: operation id -> keys of its answer.
        row_keys: operation id -> where in its answer rows are -> keys of each of them.
        deprecated: old response key -> the one that replaces it.
        renamed: the same of names that stay beside their new ones for good.
        former_numbers: certificate numbers as they were issued once, of each former format one.
        former_version: of the API, before any name changed.
    """

    imports: Mapping[str, tuple[str, ...]]
    calls: Mapping[str, Mapping[str, tuple[str, ...]]]
    url_names: Mapping[str, str]
    response_keys: Mapping[str, tuple[str, ...]]
    row_keys: Mapping[str, Mapping[str, tuple[str, ...]]]
    deprecated: Mapping[str, str]
    renamed: Mapping[str, str]
    former_numbers: tuple[str, ...]
    former_version: str


def load_compat(path: Path, api: ApiContract) -> Compat:
    """Read `compat.yaml` against the operations that exist.

    Raises:
        ContractError: malformed, or an operation or path that `openapi.yaml` does not describe.
    """
    root = read(path).mapping(required={field.name for field in fields(Compat)}, optional=set())
    routes = {operation.path for operation in api.operations.values()}
    for name, entry in root["url_names"].items():
        if entry.text() not in routes:
            raise entry.error(f"{name} leads to {entry.text()}, which {api.path.name} does not describe")
    imports = _lists(root["imports"])
    for module, entry in root["calls"].items():
        for name, parameters in entry.items():
            if name not in imports.get(module, ()):
                raise parameters.error(f"{name} is none of the names that are imported from {module}")
    for section in ("response_keys", "row_keys"):
        for operation, entry in root[section].items():
            if operation not in api.operations:
                raise entry.error(f"no operation of {api.path.name} is called {operation!r}")
    return Compat(
        imports=imports,
        calls={name: _lists(entry) for name, entry in root["calls"].items()},
        url_names={name: entry.text() for name, entry in root["url_names"].items()},
        response_keys=_lists(root["response_keys"]),
        row_keys={name: _lists(entry) for name, entry in root["row_keys"].items()},
        deprecated={name: entry.text() for name, entry in root["deprecated"].items()},
        renamed={name: entry.text() for name, entry in root["renamed"].items()},
        former_numbers=tuple(root["former_numbers"].texts()),
        former_version=root["former_version"].text(),
    )


def _lists(entry: Entry) -> dict[str, tuple[str, ...]]:
    return {name: tuple(listed.texts()) for name, listed in entry.items()}
