"""Canonical home of text cleaning and display formatting; the older paths re-export from here."""

import html
import re
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser

from ..constants import DANGEROUS_CONTENT_PATTERNS

ALLOWED_HTML_TAGS = frozenset(
    "a abbr acronym b blockquote br code col colgroup div dd del dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img "
    "ins kbd li mark ol p pre q s small span strong sub sup table tbody td tfoot th thead tr u ul".split()
)
ALLOWED_HTML_ATTRIBUTES = {
    "*": {"class", "id", "title", "lang", "dir"},
    "a": {"href", "rel", "target"},
    "img": {"src", "alt", "width", "height"},
    "abbr": {"title"},
    "acronym": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
}
URL_ATTRIBUTES = {"href", "src"}
SAFE_SCHEMES = {"http", "https", "mailto"}
VOID_TAGS = {"br", "hr", "img", "col"}
# The text inside these is program or markup of another language, never prose: it goes with the tag.
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "iframe",
    "object",
    "noscript",
    "template",
    "math",
    "svg",
    "title",
    "textarea",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMPILED = [re.compile(pattern, re.IGNORECASE) for pattern in DANGEROUS_CONTENT_PATTERNS]


def _safe_url(value):
    squeezed = re.sub(r"[\x00-\x20\x7f-\xa0\u2028\u2029]", "", html.unescape(value)).lower()
    scheme, colon, _ = squeezed.partition(":")
    if not colon or any(mark in scheme for mark in "/?#"):
        return True
    return scheme in SAFE_SCHEMES


class _AllowlistWriter(HTMLParser):
    """Rebuilds a document from nothing but escaped text and allowed tags, so what is not understood cannot pass."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.parts = []
        self.open_tags = []
        self.dropping = []

    def handle_starttag(self, tag, attrs):
        if self.dropping or tag in DROPPED_WITH_CONTENT:
            if tag in DROPPED_WITH_CONTENT:
                self.dropping.append(tag)
            return
        if tag not in ALLOWED_HTML_TAGS:
            return
        allowed = ALLOWED_HTML_ATTRIBUTES["*"] | ALLOWED_HTML_ATTRIBUTES.get(tag, set())
        kept, seen = [], set()
        for name, value in attrs:
            value = _CONTROL.sub("", value or "")
            if name not in allowed or name in seen or (name in URL_ATTRIBUTES and not _safe_url(value)):
                continue
            seen.add(name)
            kept.append(f' {name}="{html.escape(value, quote=True)}"')
        self.parts.append(f"<{tag}{''.join(kept)}>")
        if tag not in VOID_TAGS:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag, attrs):
        if tag in DROPPED_WITH_CONTENT:
            return
        self.handle_starttag(tag, attrs)
        if tag in ALLOWED_HTML_TAGS and tag not in VOID_TAGS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if self.dropping:
            if tag in self.dropping:
                del self.dropping[self.dropping.index(tag) :]
            return
        if tag in self.open_tags:
            while True:
                last = self.open_tags.pop()
                self.parts.append(f"</{last}>")
                if last == tag:
                    return

    def handle_data(self, data):
        if not self.dropping:
            self.parts.append(data.replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")

    def result(self):
        self.close()
        self.dropping = []
        while self.open_tags:
            self.parts.append(f"</{self.open_tags.pop()}>")
        return "".join(self.parts)


def sanitize_html_content(html_content):
    """HTML reduced to formatting: balanced, without script, handlers or script addresses. Never raises."""
    if html_content is None:
        return ""
    text = _CONTROL.sub("", html_content if isinstance(html_content, str) else str(html_content))
    writer = _AllowlistWriter()
    writer.feed(text)
    return writer.result()


def sanitize_input(input_string):
    """Plain text: markup and control characters removed, white space trimmed."""
    if input_string is None:
        return ""
    text = _CONTROL.sub("", str(input_string))
    return re.sub(r"<[^<>]*>", "", text).replace("<", "").strip()


def contains_dangerous_content(text):
    return any(pattern.search(text or "") for pattern in _COMPILED)


def _whole_number(value):
    """The value as a non-negative int, or None when it is unknown or corrupt."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number >= 0 else None


def format_duration(minutes):
    """ "1h 5m"; None when unknown, so that a gap never looks like a measured value."""
    number = _whole_number(minutes)
    if number is None:
        return None
    hours, rest = divmod(number, 60)
    if hours and rest:
        return f"{hours}h {rest}m"
    return f"{hours}h" if hours else f"{rest}m"


def format_filesize(size):
    """ "1.5 MB"; None when unknown."""
    number = _whole_number(size)
    if number is None:
        return None
    amount = float(number)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{int(amount)} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def format_time_spent(seconds):
    number = _whole_number(seconds)
    if number is None:
        return None
    return f"{number}s" if number < 60 else format_duration(number // 60)


def format_price(price, currency="USD"):
    try:
        amount = Decimal(str(price))
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    return "Free" if amount == 0 else f"{amount:.2f} {currency}"
