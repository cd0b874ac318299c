"""Waivers (`waivers.yaml` in a backend's repository): promises that may stay broken for a while, each in somebody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from coursegate.contracts.reading import Entry, read

LONGEST = timedelta(days=90)
# How a check may fail that is waived. A leak is not among them: nobody can waive what belongs to somebody else.
KINDS = ("effect", "hang", "error", "form")
_REQUIRED = frozenset({"id", "fails", "reason", "owner", "issue", "created", "expires"})
_OPTIONAL = frozenset({"cause", "signature"})


@dataclass(frozen=True)
class Waiver:
    """One waiver.

    Attributes:
        id: of one check, exactly as the report shows it.
        fails: the kind of failure that is accepted.
        cause: what failures of that origin have in common, as the report shows it; "" accepts any cause of that kind.
        expires: the last day on which it holds.
        signature: whatever a team signs with; it is shown, not verified.
        line, end: where the entry stands in its file, from 1; `end` is the line after it.
    """

    id: str
    fails: str
    cause: str
    reason: str
    owner: str
    issue: str
    created: date
    expires: date
    signature: str
    line: int
    end: int


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Read a waiver file, in its order.

    Raises:
        ContractError: malformed, an entry that is not filled in, one that never expires or too late, a check that is
            waived twice, a leak or a part of the inventory.
    """
    waivers = read(path).mapping(required={"waivers"}, optional=set())["waivers"]
    if not waivers.is_sequence and not waivers.text().strip():
        return ()
    found: dict[str, Waiver] = {}
    for entry in waivers.sequence():
        waiver = _waiver(entry)
        if waiver.id in found:
            raise entry.error(f"{waiver.id} is waived twice, first in line {found[waiver.id].line}")
        found[waiver.id] = waiver
    return tuple(found.values())


def _waiver(entry: Entry) -> Waiver:
    said = entry.mapping(required=set(_REQUIRED), optional=set(_OPTIONAL))
    texts = {name: _text(name, value) for name, value in said.items() if name not in {"created", "expires"}}
    if texts["fails"] == "leak":
        raise said["fails"].error("a leak cannot be waived: what it shows belongs to somebody else")
    if texts["fails"] not in KINDS:
        raise said["fails"].error(f"fails: {texts['fails']!r} is none of {', '.join(KINDS)}")
    created, expires = _day(said["created"]), _day(said["expires"])
    if expires < created:
        raise said["expires"].error(f"expires {expires}, before it was created ({created})")
    if expires - created > LONGEST:
        raise said["expires"].error(
            f"expires {(expires - created).days} days after it was created; at most {LONGEST.days} are allowed"
        )
    return Waiver(
        cause=texts.pop("cause", ""),
        signature=texts.pop("signature", ""),
        created=created,
        expires=expires,
        line=entry.line,
        end=int(entry.node.end_mark.line) + 1,
        **texts,
    )


def _text(name: str, value: Entry) -> str:
    text = " ".join(value.text().split())
    if not text:
        raise value.error(f"{name} is blank: a waiver is somebody's word")
    return text


def _day(value: Entry) -> date:
    found = value.plain()
    if not isinstance(found, date):
        raise value.error(f"expected a day (2026-11-30), found {value.shape}")
    return found
