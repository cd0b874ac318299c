"""A waiver is somebody's word, for one check, for a while; anything else is refused with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coursegate.contracts.reading import ContractError
from coursegate.contracts.waivers import load_waivers

GOOD = """waivers:
  - id: access/lessons.retrieve/lesson-premium/guest
    fails: form
    cause: "lessons.retrieve locked: expected 200"
    reason: the teaser comes in the next release
    owner: Ada
    issue: https://issues.example.com/7
    created: 2026-11-01
    expires: 2027-01-30
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_waiver_is_read(tmp_path: Path) -> None:
    """Every field of an entry is read, with the lines it takes."""
    (waiver,) = load_waivers(_file(tmp_path, GOOD))

    assert waiver.id == "access/lessons.retrieve/lesson-premium/guest"
    assert (waiver.created, waiver.expires) == (date(2026, 11, 1), date(2027, 1, 30))
    assert (waiver.line, waiver.end) == (2, 10)


def test_file_without_waivers_is_none(tmp_path: Path) -> None:
    """A file that waives nothing waives nothing."""
    assert load_waivers(_file(tmp_path, "waivers: []\n")) == ()
    assert load_waivers(_file(tmp_path, "waivers:\n")) == ()


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("owner: Ada", "owner:", ":6: owner is blank"),
        ("expires: 2027-01-30", "expires:", ":9: expected a day"),
        ("expires: 2027-01-30", "expires: 2027-01-31", ":9: expires 91 days after it was created"),
        ("expires: 2027-01-30", "expires: 2026-10-31", ":9: expires 2026-10-31, before"),
        ("fails: form", "fails: leak", ":3: a leak cannot be waived"),
        ("fails: form", "fails: badly", ":3: fails: 'badly' is none of"),
        ("    reason: the teaser comes in the next release\n", "", ":2: missing reason"),
        ("owner: Ada", "owner: Ada\n    colour: red", "unknown key 'colour'"),
    ],
)
def test_what_is_no_waiver_is_refused(tmp_path: Path, good: str, bad: str, complaint: str) -> None:
    """An entry that is not filled in, lasts too long or waives a leak is refused."""
    with pytest.raises(ContractError) as refused:
        load_waivers(_file(tmp_path, GOOD.replace(good, bad)))

    assert complaint in str(refused.value)


def test_check_is_waived_once(tmp_path: Path) -> None:
    """Two entries for one check are refused."""
    with pytest.raises(ContractError, match="waived twice, first in line 2"):
        load_waivers(_file(tmp_path, GOOD + GOOD.removeprefix("waivers:\n")))
