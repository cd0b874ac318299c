"""File names: what they say a file is, which are refused, and where uploads go."""

import re
import uuid
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..constants import ALLOWED_EXTENSIONS, validate_file_type

MAX_FILENAME_LENGTH = 255
ALLOWED_IMAGE_EXTENSIONS = ALLOWED_EXTENSIONS["image"]
ALLOWED_VIDEO_EXTENSIONS = ALLOWED_EXTENSIONS["video"]
ALLOWED_DOCUMENT_EXTENSIONS = ALLOWED_EXTENSIONS["document"]
_KNOWN_EXTENSIONS = frozenset(extension for kind in ALLOWED_EXTENSIONS.values() for extension in kind)
_RUNNABLE_EXTENSIONS = frozenset(
    {".exe", ".bat", ".cmd", ".sh", ".php", ".py", ".js", ".html", ".htm", ".svg", ".jar"}
)


def get_file_extension(filename: str) -> str:
    """The extension with its dot in lower case; empty without one."""
    return PurePath(filename).suffix.lower()


def is_video_file(filename: str) -> bool:
    """Whether the name is a video's."""
    return validate_file_type(filename, "video")


def is_image_file(filename: str) -> bool:
    """Whether the name is an image's."""
    return validate_file_type(filename, "image")


def is_document_file(filename: str) -> bool:
    """Whether the name is a document's."""
    return validate_file_type(filename, "document")


def validate_file_security(filename: Any, max_size: int | None = None) -> None:
    """ValidationError for a name with a path, control characters, an unknown or a hidden runnable extension.

    Takes a name or a file; a file's size is held against `max_size`.
    """
    name = str(getattr(filename, "name", filename) or "")
    extensions = [extension.lower() for extension in PurePath(name).suffixes]
    if not name or len(name) > MAX_FILENAME_LENGTH or re.search(r"[\x00-\x1f/\\]|^\.", name):
        raise ValidationError(_("The file name is not allowed."), code="invalid_filename")
    if get_file_extension(name) not in _KNOWN_EXTENSIONS or _RUNNABLE_EXTENSIONS.intersection(extensions):
        raise ValidationError(_("Files of this kind are not allowed."), code="invalid_extension")
    size = getattr(filename, "size", None)
    if max_size is not None and size is not None and size > max_size:
        raise ValidationError(_("The file is too large."), code="file_too_large")


def _upload_path(folder: str, filename: str) -> str:
    # Only the extension of the sender's name survives: the rest could collide, guess or climb.
    extension = get_file_extension(filename)
    return f"{folder}/{uuid.uuid4().hex}{extension if extension in _KNOWN_EXTENSIONS else ''}"


def upload_course_thumbnail(instance: Any, filename: str) -> str:
    """Storage path of a course's thumbnail."""
    return _upload_path("courses/thumbnails", filename)


def upload_lesson_resource(instance: Any, filename: str) -> str:
    """Storage path of a lesson's resource."""
    return _upload_path("courses/resources", filename)
