"""Changes of standing, and by what the access table is held from then on (`standing.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from coursegate.contracts.access import AccessContract, Outcome, outcomes_of
from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import Entry, read
from coursegate.contracts.world import USER, WorldContract
from coursegate.contracts.world_values import FromNow, values_of

FORMS = ("becomes", "refused", "like")


@dataclass(frozen=True)
class Change:
    """One change; `becomes`, `refused` or `like` says what holds from then on, or `answers` alone does.

    Attributes:
        objects: whose columns are set.
        values: columns and what they are set to; plain data or `FromNow`. None where the rows are deleted.
        passes: how much time goes by afterwards.
        stands: whether the clock stands still from the change on, so that "now" is one moment.
        who: the account whose standing it is; "" where it is the standing of an object.
        becomes: the principal as whom that account is answered.
        refused: whether that account is refused wherever credentials are looked at.
        like: object -> the object as which it is answered.
        answers: cells of the access table that are asked besides -> what they promise then.
        optional: whether a backend may refuse to be in such a state; then the change is not applicable.
        apart: operations that are not asked: their answer depends on other rows as well.
    """

    name: str
    line: int
    objects: tuple[str, ...]
    values: Mapping[str, Any] | None
    passes: timedelta
    stands: bool
    who: str
    becomes: str
    refused: bool
    like: Mapping[str, str]
    answers: Mapping[str, frozenset[Outcome]]
    optional: bool
    apart: frozenset[str]
    sources: tuple[str, ...]


def load_standing(
    path: Path, api: ApiContract, world: WorldContract, access: AccessContract
) -> tuple[Change, ...]:
    """Read `standing.yaml` against the objects, principals, operations and cells that exist.

    Raises:
        ContractError: malformed, or something of that name does not exist.
    """
    changes = read(path).mapping(required={"changes"}, optional=set())["changes"]
    return tuple(_change(name, entry, api, world, access) for name, entry in changes.items())


def _change(
    name: str, entry: Entry, api: ApiContract, world: WorldContract, access: AccessContract
) -> Change:
    said = entry.mapping(
        required={"objects", "source"},
        optional={"set", "removed", "passes", "stands", "who", "apart", "answers", "optional", *FORMS},
    )
    forms = [form for form in FORMS if form in said]
    is_somebodys = forms in (["becomes"], ["refused"])
    if len(forms) > 1 or not (forms or "answers" in said) or ("who" in said) != is_somebodys:
        raise entry.error(
            f"{name} must say `who` and either `becomes` or `refused`, or else `like`, or `answers` alone"
        )
    if ("set" in said) == ("removed" in said):
        raise entry.error(f"{name} must say what is `set`, or that the objects are `removed`")
    for node in said["apart"].sequence() if "apart" in said else ():
        if node.text() not in api.operations:
            raise node.error(f"no operation of {api.path.name} is called {node.text()!r}")
    passes = (
        values_of({"passes": said["passes"]}, (), {})["passes"] if "passes" in said else FromNow(timedelta())
    )
    if not isinstance(passes, FromNow):
        raise said["passes"].error(f"expected a time such as +61s, found {passes!r}")
    return Change(
        name=name,
        line=entry.line,
        objects=tuple(_object(node, world) for node in said["objects"].sequence()),
        values=values_of(said["set"].mapping(), world.objects, {}) if "set" in said else None,
        passes=passes.delta,
        stands="stands" in said,
        who=_account(said["who"], world) if "who" in said else "",
        becomes=_account(said["becomes"], world) if "becomes" in said else "",
        refused="refused" in said,
        like={
            _object(node, world, name): _object(node, world)
            for name, node in (said["like"].items() if "like" in said else ())
        },
        answers={
            _cell(node, cell, access): outcomes_of(node)
            for cell, node in (said["answers"].items() if "answers" in said else ())
        },
        optional="optional" in said,
        apart=frozenset(said["apart"].texts()) if "apart" in said else frozenset(),
        sources=tuple(said["source"].texts()),
    )


def _object(entry: Entry, world: WorldContract, name: str = "") -> str:
    name = name or entry.text()
    if name not in world.objects:
        raise entry.error(f"no object of {world.path.name} is called {name!r}")
    return name


def _cell(entry: Entry, name: str, access: AccessContract) -> str:
    if name not in access.cells:
        raise entry.error(f"no cell of {access.path.name} is called {name!r}")
    return name


def _account(entry: Entry, world: WorldContract) -> str:
    name = entry.text()
    if name not in world.principals or world.objects.get(name) is None or world.objects[name].model != USER:
        raise entry.error(f"no principal with an account is called {name!r}")
    return name
