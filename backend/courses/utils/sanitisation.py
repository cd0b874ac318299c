"""The one place where text from outside is made harmless (SEC-01, ARCH-02)."""

import html
import re
from collections.abc import Callable
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from ..constants import DANGEROUS_CONTENT_PATTERNS

# bleach 5 has a list here and bleach 6 a frozenset: a set of one's own works with both (VIEW-01).
SAFE_TAGS = frozenset(bleach.sanitizer.ALLOWED_TAGS) | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "img", "figure", "figcaption"),
    *("pre", "sub", "sup", "u", "s", "del", "ins", "mark", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
SAFE_ATTRIBUTES = {
    "*": ["class", "title", "lang", "dir", "style"],
    "a": ["href", "title", "rel"],
    "abbr": ["title"],
    "acronym": ["title"],
    "img": ["src", "alt", "width", "height"],
    "th": ["colspan", "rowspan", "scope"],
    "td": ["colspan", "rowspan"],
}
SAFE_PROTOCOLS = frozenset({"http", "https", "mailto"})
SAFE_CSS_PROPERTIES = frozenset(
    {
        "color",
        "background-color",
        "font-style",
        "font-weight",
        "text-align",
        "text-decoration",
        "margin-left",
        "width",
    }
)
COMPILED_DANGEROUS_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in DANGEROUS_CONTENT_PATTERNS]
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLOCK_TAGS = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|table|tr|td|th|blockquote|pre|br|hr)\b[^>]*>", re.IGNORECASE
)


def _as_text(value: object) -> str:
    return "" if value is None else _CONTROL_CHARACTERS.sub("", str(value))


def _cleaner(tags: frozenset[str], attributes: dict[str, list[str]]) -> Callable[[str], str]:
    # The annotations of bleach 5 and 6 differ; both take any collection.
    options: dict[str, Any] = {"tags": tags, "attributes": attributes, "protocols": SAFE_PROTOCOLS}
    css_sanitizer = CSSSanitizer(
        allowed_css_properties=SAFE_CSS_PROPERTIES, allowed_svg_properties=frozenset()
    )
    clean: Callable[[str], str] = bleach.sanitizer.Cleaner(
        strip=True, strip_comments=True, css_sanitizer=css_sanitizer, **options
    ).clean
    return clean


def clean_html_content(content: object) -> str:
    """Balanced HTML of formatting tags only (SEC-01).

    No script, no event handler, no scheme but http(s) and mailto.

    Tags that are not allowed go, their text stays. Never raises: None is empty, other values are taken as
    text.
    """
    # A Cleaner is not thread-safe: each call makes its own.
    return _cleaner(SAFE_TAGS, SAFE_ATTRIBUTES)(_as_text(content))


def sanitize_input(input_string: object) -> str:
    """Plain text without markup, control characters or blanks around it; `&` stays as typed.

    `<` and `>` that are not markup come back as entities, so the result is inert in HTML as well.
    """
    return _cleaner(frozenset(), {})(_as_text(input_string)).replace("&amp;", "&").strip()


def extract_text_from_html(html_content: object) -> str:
    """The text a reader sees, with single blanks.

    It is text, not HTML: escape it before it goes into a page.
    """
    spaced = _BLOCK_TAGS.sub(" ", _as_text(html_content))
    return " ".join(html.unescape(strip_tags(spaced)).split())


def validate_content_security(content: object, field_name: str = "content") -> None:
    """ValidationError (code dangerous_content) under `field_name` for text with markup that runs code."""
    text = _as_text(content)
    if any(pattern.search(text) for pattern in COMPILED_DANGEROUS_PATTERNS):
        error = ValidationError(_("The text contains markup that is not allowed."), code="dangerous_content")
        raise ValidationError({field_name: error})
