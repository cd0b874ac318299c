"""`courses/views/public.py`: the version of the API tells that names have changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAssess
from coursegate.harness.probing.folders import roots_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.served_schema import served_by
from coursegate.harness.verdicts import NEEDS_SOURCE
from coursegate.suites.regression.finding import finding

# Semantic Versioning 2.0.0, its three numbers and what may follow them.
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
CHANGELOG = re.compile(r"(changelog|changes|history|news|releases?)[^/]*", re.IGNORECASE)


def _version(on: Probe) -> str:
    answer = on.send("version.retrieve", by=GUEST)
    assert answer.status == 200, f"the version answers {answer.summary}"
    return str(answer.json["api_version"])


@finding("ARCH-05", needs="http")
def the_version_has_moved_on(on: Probe) -> None:
    """The version of the API is a semantic one, and at least one minor version above the one before the changes."""
    version = _version(on)

    found = VERSION.fullmatch(version)
    assert found, f"{version!r} is no semantic version"
    before = on.contract.compat.former_version
    told = f"{version} is no minor version above {before}; another one can be named in coursegate.toml: [former] api-version"
    assert (int(found[1]), int(found[2])) > tuple(map(int, before.split(".")[:2])), told


@finding("ARCH-05", needs="http")
def every_operation_tells_the_same_version(on: Probe) -> None:
    """The health of the service is reported with the very version that the API says it has."""
    health = on.send("health.retrieve", by=GUEST)

    assert health.status == 200
    assert health.json["version"] == _version(on)


@finding("ARCH-05", needs="http")
def former_names_are_marked(on: Probe) -> None:
    """Each name that is kept for the time being is marked as deprecated in the schema, or named in a list of changes."""
    schema = served_schema(on)
    marked = set(_marked(schema))
    told = _changes(on)
    names = sorted(on.contract.compat.deprecated)
    assert names

    silent = [name for name in names if name not in marked and not re.search(rf"\b{name}\b", told)]

    if silent and on.binding is None:
        raise CannotAssess(
            f"{NEEDS_SOURCE}: a list of changes is not served, and the schema marks not all names"
        )
    assert silent == [], f"neither the schema nor a list of changes says that {', '.join(silent)} will go"


def served_schema(on: Probe) -> Mapping[str, Any]:
    """The schema that the backend serves; empty where it serves none that can be read."""
    assert on.bound is not None, "asked of a target that does not start"
    served = served_by(on.bound)
    on.exchanges += served.exchanges
    return served.document or {}


def _marked(node: Any) -> Iterator[str]:
    """Names of properties that a schema marks as deprecated."""
    if isinstance(node, dict):
        for name, said in (node.get("properties") or {}).items():
            if isinstance(said, dict) and said.get("deprecated") is True:
                yield str(name)
        for inner in node.values():
            yield from _marked(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _marked(inner)


def _changes(on: Probe) -> str:
    """The words of the lists of changes that the checkout has."""
    if on.binding is None:
        return ""
    files = [
        file
        for root in roots_of(on.binding.path)
        for file in sorted((*root.iterdir(), *(root / "docs").rglob("*")))
        if CHANGELOG.fullmatch(file.name) and file.is_file()
    ]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
