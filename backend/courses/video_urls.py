"""Which video URLs a lesson may carry: YouTube and Vimeo, by whitelist (VAL-02)."""

import re
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_ID = r"[A-Za-z0-9_-]{11}"
_YOUTUBE_PATHS = re.compile(rf"/(?:watch|playlist|(?:embed|shorts|live|v)/{_ID})/?")
_SHORT_LINK_PATHS = re.compile(rf"/{_ID}/?")
_VIMEO_PATHS = re.compile(r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?\d+(?:/[0-9a-f]+)?/?")
_YOUTUBE_PARAMETERS = frozenset(
    {
        "v",
        "t",
        "si",
        "list",
        "index",
        "start",
        "end",
        "feature",
        "ab_channel",
        "pp",
        "app",
        "autoplay",
        "rel",
        "loop",
    }
)
_VIMEO_PARAMETERS = frozenset({"h", "share", "autoplay", "loop", "title", "byline", "portrait", "fl", "fe"})

_RULES = {
    "youtube.com": (_YOUTUBE_PATHS, _YOUTUBE_PARAMETERS),
    "youtube-nocookie.com": (_YOUTUBE_PATHS, _YOUTUBE_PARAMETERS),
    "m.youtube.com": (_YOUTUBE_PATHS, _YOUTUBE_PARAMETERS),
    "music.youtube.com": (_YOUTUBE_PATHS, _YOUTUBE_PARAMETERS),
    "youtu.be": (_SHORT_LINK_PATHS, _YOUTUBE_PARAMETERS),
    "vimeo.com": (_VIMEO_PATHS, _VIMEO_PARAMETERS),
    "player.vimeo.com": (_VIMEO_PATHS, _VIMEO_PARAMETERS),
}
# Values are ids, times, names: nothing in them that could end an attribute or start a scheme.
_PLAIN_VALUE = re.compile(r"[\w .,~@+=-]{0,200}")
_REQUIRED_PARAMETER = {"/watch": ("v", re.compile(_ID)), "/playlist": ("list", re.compile(r"[\w-]{2,64}"))}


def _is_video_url(value: str) -> bool:
    if re.search(r"[\s\x00-\x1f\x7f\\]", value):
        return False
    try:
        parts = urlsplit(value)
        has_default_port = parts.port in (None, 80, 443)
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("www.")
    if (
        parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or not has_default_port
        or host not in _RULES
    ):
        return False
    paths, allowed = _RULES[host]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = dict(pairs)
    if not paths.fullmatch(parts.path) or not query.keys() <= allowed:
        return False
    name, pattern = _REQUIRED_PARAMETER.get(parts.path.rstrip("/"), (None, None))
    if name and pattern and not pattern.fullmatch(query.get(name, "")):
        return False
    # Of a parameter that stands there twice the player chooses one, and not the one that was looked at.
    is_clear = len(query) == len(pairs)
    return is_clear and all(_PLAIN_VALUE.fullmatch(part) for part in (*query.values(), parts.fragment))


def validate_video_url(value: str | None) -> None:
    """ValidationError (code invalid_video_url) unless the value is blank or a YouTube or Vimeo video.

    Times, share marks and playlist positions are fine; any other query parameter is refused.
    """
    if value and not (isinstance(value, str) and _is_video_url(value)):
        raise ValidationError(_("Enter a valid YouTube or Vimeo URL."), code="invalid_video_url")
