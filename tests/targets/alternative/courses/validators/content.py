"""Validators of texts, addresses and lists."""

import re
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..constants import BUSINESS_CONSTRAINTS
from .generic import JSONListValidator

_SLUG = re.compile(r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")
_PHONE = re.compile(r"\A\+?[0-9][0-9 ()-]{6,18}\Z")
_YOUTUBE_PATH = re.compile(r"\A/(?:shorts|embed|live|v)/[\w-]{11}/?\Z")
_YOUTUBE_ID = re.compile(r"\A[\w-]{11}\Z")
_VIMEO_PATH = re.compile(r"\A/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?\d+(?:/[\w]+)?/?\Z")

# Player options and share tags; everything else may steer a player or a redirect.
BENIGN_PARAMETERS = {
    "youtube": set(
        "v t si list index start end feature ab_channel pp app autoplay mute loop rel cc_load_policy".split()
    ),
    "vimeo": set("h t autoplay muted loop title byline portrait badge app_id share fl fe".split()),
}
_YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"}
_VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}


def validator(value):
    """Refuse blank text."""
    if value is None or not str(value).strip():
        raise ValidationError(_("This value may not be blank."), code="blank")


def validate_slug_format(value):
    if not isinstance(value, str) or not _SLUG.match(value):
        raise ValidationError(_("Enter a slug of small letters, digits and hyphens."), code="invalid_slug")


def _refuse_video(code="invalid_video_url"):
    raise ValidationError(_("Enter the address of a video."), code=code)


def _provider_of(parts, query):
    host = (parts.hostname or "").lower()
    if host == "youtu.be":
        return "youtube" if _YOUTUBE_ID.match(parts.path.strip("/")) else None
    if host in _YOUTUBE_HOSTS:
        known = (
            (parts.path == "/watch" and _YOUTUBE_ID.match(query.get("v", "")))
            or (parts.path == "/playlist" and query.get("list"))
            or _YOUTUBE_PATH.match(parts.path)
        )
        return "youtube" if known else None
    if host in _VIMEO_HOSTS:
        return "vimeo" if _VIMEO_PATH.match(parts.path) else None
    return "other"


def validate_video_url(value):
    """http(s) addresses; those of the known providers carry only benign parameters."""
    if not value:
        return
    try:
        parts = urlsplit(str(value).strip())
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        _refuse_video()
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.username:
        _refuse_video()
    provider = _provider_of(parts, query)
    if provider is None:
        _refuse_video()
    allowed = BENIGN_PARAMETERS.get(provider)
    if allowed is not None and set(query) - allowed:
        _refuse_video("invalid_video_parameters")
    if any("javascript:" in text.lower() for text in query.values()) or set(query) & {"exec", "redirect"}:
        _refuse_video("invalid_video_parameters")


def validate_course_requirements(value):
    JSONListValidator(max_items=BUSINESS_CONSTRAINTS["max_list_items"])(value)


def validate_learning_objectives(value):
    JSONListValidator(max_items=BUSINESS_CONSTRAINTS["max_list_items"])(value)


def validate_tags(value):
    JSONListValidator(max_items=BUSINESS_CONSTRAINTS["max_tags"])(value)


def validate_phone_number(value):
    if not isinstance(value, str) or not _PHONE.match(value):
        raise ValidationError(_("Enter a phone number."), code="invalid_phone_number")
