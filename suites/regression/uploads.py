"""`courses/**`: whatever somebody uploads as a picture, it is no error of the server, and no page is kept as one."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from coursegate.harness.client import NotApplicable
from coursegate.harness.encoding import MULTIPART, Upload
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding


@dataclass(frozen=True)
class Place:
    """Where a picture is uploaded, and under which key; `body` is what is said besides, or else that of the contract."""

    operation: str
    subject: str
    key: str
    body: Mapping[str, Any] | None = None


PLACES = {
    "course": Place("courses.create", "", "thumbnail"),
    "resource": Place("resources.create", "lesson-guest", "file", {"title": "A picture", "type": "image"}),
}


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture (PNG, ISO/IEC 15948) of one pixel, that says it has so many."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


PNG, PAGE = "image/png", b"<html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GOOD = Upload("cover.png", _png(), PNG)
# A browser that opens these by their address runs what stands in them.
PAGES = {
    "a-drawing-with-a-script": Upload("cover.svg", DRAWING, "image/svg+xml"),
    "a-page": Upload("cover.html", PAGE, PNG),
    "a-picture-called-a-page": Upload("cover.html", _png(), PNG),
}
ODD = {
    **PAGES,
    "a-page-called-a-picture": Upload("cover.png", PAGE, PNG),
    "a-picture-declared-a-page": Upload("cover.png", _png(), "text/html"),
    "nothing": Upload("cover.png", b"", PNG),
    "half-a-picture": Upload("cover.png", _png()[:40], PNG),
    "the-beginning-of-one": Upload("cover.png", _png()[:8], PNG),
    "larger-than-any-screen": Upload("cover.png", _png(60_000, 60_000), PNG),
    "from-another-folder": Upload("../../../cover.png", _png(), PNG),
    "with-a-long-name": Upload(f"{'long' * 100}.png", _png(), PNG),
    "with-a-null-byte": Upload("cover.png\0.html", _png(), PNG),
    "without-a-name": Upload(".png", _png(), PNG),
}
EACH = {f"{name}-{where}": {"where": where, "name": name} for where, name in product(PLACES, ODD)}


def _upload(on: Probe, place: Place, file: Upload) -> Answer:
    body = on.sample(place.operation).body if place.body is None else dict(place.body)
    return on.send(
        place.operation, place.subject, by="staff", body={**body, place.key: file}, media=MULTIPART
    )


def _shown(place: Place, answer: Answer) -> str:
    """What an answer shows of the picture; "" where it shows none."""
    return str((answer.json or {}).get(place.key) or "") if isinstance(answer.json, dict) else ""


def _answer(on: Probe, where: str, name: str) -> tuple[Answer, str]:
    """The answer to an odd one, and what it shows of it.

    Raises:
        NotApplicable: not even a good one is taken there.
    """
    place = PLACES[where]
    good = _upload(on, place, GOOD)
    if good.status != 201 or not _shown(place, good):
        raise NotApplicable(f"{place.operation} takes no picture as {place.key}: {good.summary}")
    answer = _upload(on, place, ODD[name])
    if answer.status < 500:
        on.disregard()  # the contract describes answers to sensible requests
    return answer, _shown(place, answer)


@finding("CI-02", needs="http", kind=Kind.ERROR, writes=True, cases=EACH)
def an_odd_picture_is_not_stumbled_over(on: Probe, where: str, name: str) -> None:
    """Where pictures are uploaded, what is none, or an odd one, is taken or refused without an error of the server."""
    answer, _ = _answer(on, where, name)

    assert answer.status < 500, f"it is answered {answer.summary}"


@finding(
    "SEC-01", needs="http", kind=Kind.EFFECT, writes=True, cases={name: {"name": name} for name in PAGES}
)
def no_page_is_kept_as_the_picture_of_a_course(on: Probe, name: str) -> None:
    """What a browser would run when it is opened by its address is not kept as the picture of a course."""
    answer, shown = _answer(on, "course", name)

    kept = PurePosixPath(urlsplit(shown).path).suffix.lower()
    named = {PurePosixPath(upload.name).suffix for upload in PAGES.values()}
    assert answer.status >= 400 or kept not in named, f"it is kept as {shown}"
