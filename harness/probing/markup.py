"""Markup that runs code in a reader's browser, and markup that is not balanced; found by parsing, as a browser would."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

# Elements that run, load or restyle something by themselves. A frame does not: what it shows is another site's, unless it
# brings its page along.
ACTIVE = frozenset(
    {"script", "object", "embed", "applet", "base", "meta", "link", "form", "style", "svg", "math"}
)
PAGE_OF_A_FRAME = "srcdoc"
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "xlink:href", "background", "poster"})
LIST_OF_ADDRESSES = "srcset"
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SCRIPTED = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.active: list[str] = []
        self.open: list[str] = []
        self.stray: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.active.append(f"<{tag}>")
        for name, value in attrs:
            # A browser ignores blanks and control characters inside the scheme of an address.
            address = re.sub(r"[\x00-\x20]", "", html.unescape(value or ""))
            addresses = address.split(",") if name == LIST_OF_ADDRESSES else [address] * (name in ADDRESSES)
            is_scripted = any(map(_SCRIPTED.match, addresses))
            if name.startswith("on") or is_scripted or (name == PAGE_OF_A_FRAME and address):
                self.active.append(f'{name}="{value}"')
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in VOID:
            self.stray.append(tag)


def active_markup(text: str) -> list[str]:
    """What of an HTML text would run code: elements, event handlers, scripted addresses."""
    return _read(text).active


def unbalanced_tags(text: str) -> list[str]:
    """The tags of an HTML text that are not closed, or closed without having been opened."""
    reader = _read(text)
    return [*reader.open, *reader.stray]


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader
