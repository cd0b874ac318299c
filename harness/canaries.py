"""Tokens that say what they are and who may see them, and the oracle that finds them in any answer."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gzip
import hashlib
import html
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

# A token is "zq" and 128 bits in hex. Its first eleven characters identify it: a video id is no longer than that,
# and a field that was cut short still gives itself away.
PREFIX = 11
_TOKEN = re.compile(r"zq[0-9a-f]{9}")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{40,}")
_ESCAPED = re.compile(r"\\u00([0-9a-f]{2})")


@dataclass(frozen=True)
class Canary:
    """A token planted in one field of one object of the world."""

    token: str
    object: str
    model: str
    field: str
    clearance: frozenset[str]

    def __str__(self) -> str:
        return f"{self.object}.{self.field}"


def mint(seed: str, *parts: str) -> str:
    """The token for a place in the world: the same for the same seed, guessed by nobody."""
    return "zq" + hashlib.blake2s("/".join((seed, *parts)).encode(), digest_size=16).hexdigest()


def tokens_in(text: str) -> list[str]:
    """The start of everything in a lower-case text that looks like a token."""
    return _TOKEN.findall(text)


@dataclass
class Aviary:
    """All canaries of one world, found again by the start of their token."""

    canaries: dict[str, Canary] = field(default_factory=dict)

    def add(self, canary: Canary) -> None:
        known = self.canaries.setdefault(canary.token[:PREFIX], canary)
        if known.token != canary.token:
            raise ValueError(f"two tokens start alike: {known} and {canary}; choose another seed")

    def seen_in(self, body: bytes, headers: Mapping[str, str]) -> list[Canary]:
        """Every canary in a body or its headers, plain or under the encodings that answers use, in a fixed order."""
        found: dict[str, Canary] = {}
        for text in _readings(body, headers):
            for prefix in tokens_in(text):
                if prefix in self.canaries:
                    found[prefix] = self.canaries[prefix]
        return sorted(found.values(), key=lambda canary: (canary.object, canary.field))

    def above_clearance(self, seen: Iterable[Canary], *names: str) -> list[Canary]:
        """Those that are for none of the names the caller goes by."""
        return [canary for canary in seen if not canary.clearance & set(names)]


def _readings(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    """The text of an answer, as sent and decoded: gzip, JSON escapes, HTML, URL, base64."""
    if body[:2] == b"\x1f\x8b":
        with contextlib.suppress(OSError, EOFError, zlib.error):  # not gzip after all: searched as it is
            body = gzip.decompress(body)
    raw = body.decode("utf-8", "replace") + "\n" + "\n".join(headers.values())
    text = raw.lower()
    yield text
    if "\\u00" in text:
        yield _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text)
    for run in _ENCODED.findall(raw):
        yield from _decoded(run)


def _decoded(run: str) -> Iterator[str]:
    standard = run.replace("-", "+").replace("_", "/")
    for start in range(4):
        part = standard[start:]
        try:
            yield base64.b64decode(part[: len(part) // 4 * 4]).decode("latin-1").lower()
        except binascii.Error:
            continue
