"""A target's requirements files, in whatever encoding an editor has left them."""

from __future__ import annotations

import codecs
from pathlib import Path

# In the order in which teams mean them for a server; the first that exists counts.
NAMES = (
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/base.txt",
    "requirements/common.txt",
)
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def requirements_of(root: Path) -> Path | None:
    """The requirements file of a checkout, in the folder of manage.py or the one above; None where there is none."""
    places = [root / name for name in NAMES] + [root.parent / name for name in NAMES[:1]]
    return next((place for place in places if place.is_file()), None)


def lines_of(path: Path) -> list[str]:
    """What a requirements file asks for, one package a line; files that it names are read, too.

    What installs the checkout itself is left out: it runs from where it stands.
    """
    found: list[str] = []
    for line in _text(path).splitlines():
        asked = line.partition(" #")[0].strip()
        if not asked or asked.startswith("#"):
            continue
        flag, _, rest = (
            asked.replace("=", " ", 1).partition(" ") if asked.startswith("--") else asked.partition(" ")
        )
        if flag in {"-r", "--requirement"}:
            found += lines_of(path.parent / rest.strip())
        elif flag not in {"-e", "--editable"} and asked not in {".", "./"}:
            found.append(asked)
    return list(dict.fromkeys(found))


def _text(path: Path) -> str:
    data = path.read_bytes()
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if not encoding:
        # PowerShell's `>` writes two bytes a character, and not always says so.
        encoding = "utf-16-le" if b"\x00" in data[:200] else "utf-8"
    return data.decode(encoding, errors="replace")
