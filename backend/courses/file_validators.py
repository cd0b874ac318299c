"""Field validators for uploaded files: extension, size, declared type, and for images the content itself."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from .constants import ALLOWED_EXTENSIONS, ALLOWED_MIME_TYPES, MAX_FILE_SIZE

try:
    from PIL import Image, UnidentifiedImageError

    HAS_PIL = True
except ImportError:
    HAS_PIL = False


def _is_stored(value: Any) -> bool:
    """A file already in storage was judged when it came; it may even be gone by now."""
    return bool(getattr(value, "_committed", False))


def _declared_type(value: Any) -> str | None:
    """The type that came with the upload; a model's file has it from the upload inside."""
    for holder in (value, getattr(value, "file", None)):
        if declared := getattr(holder, "content_type", None):
            return str(declared)
    return None


@deconstructible
class FileSizeValidator:
    """Refuses files over `max_size` bytes with code file_too_large."""

    def __init__(self, max_size: int = MAX_FILE_SIZE["document"]) -> None:
        self.max_size = max_size

    def __call__(self, value: Any) -> None:
        if not _is_stored(value) and (value.size or 0) > self.max_size:
            raise ValidationError(
                _("The file is larger than %(limit)d bytes."),
                code="file_too_large",
                params={"limit": self.max_size},
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileSizeValidator) and self.max_size == other.max_size

    def __hash__(self) -> int:
        return hash(self.max_size)


@deconstructible
class ContentTypeValidator:
    """Refuses files whose declared type is not in `allowed_types`, with code invalid_content_type."""

    def __init__(self, allowed_types: Iterable[str] = ALLOWED_MIME_TYPES["document"]) -> None:
        self.allowed_types = tuple(allowed_types)

    def __call__(self, value: Any) -> None:
        declared = None if _is_stored(value) else _declared_type(value)
        if declared is not None and declared not in self.allowed_types:
            raise ValidationError(
                _("Files of type %(type)s are not allowed."),
                code="invalid_content_type",
                params={"type": declared},
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContentTypeValidator) and self.allowed_types == other.allowed_types

    def __hash__(self) -> int:
        return hash(self.allowed_types)


def validate_file_extension(value: Any, allowed_extensions: Iterable[str]) -> None:
    """ValidationError (code invalid_extension) unless the file's name ends with one of them, in any case."""
    extension = PurePath(str(value.name)).suffix.lower()
    if extension not in {allowed.lower() for allowed in allowed_extensions}:
        raise ValidationError(
            _("Files with the extension “%(extension)s” are not allowed."),
            code="invalid_extension",
            params={"extension": extension},
        )


def _validate_kind(value: Any, kind: str) -> None:
    validate_file_extension(value, ALLOWED_EXTENSIONS[kind])
    FileSizeValidator(MAX_FILE_SIZE[kind])(value)
    ContentTypeValidator(ALLOWED_MIME_TYPES[kind])(value)


def validate_image_file(value: Any) -> None:
    """Extension, size, declared type; and with Pillow the content must be an image (code invalid_image)."""
    _validate_kind(value, "image")
    if not HAS_PIL or _is_stored(value):
        return
    try:
        value.seek(0)
        Image.open(value).verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("The file is not a readable image."), code="invalid_image") from error
    finally:
        value.seek(0)


def validate_video_file(value: Any) -> None:
    """Extension, size and declared type of a video file."""
    _validate_kind(value, "video")


def validate_document_file(value: Any) -> None:
    """Extension, size and declared type of a document."""
    _validate_kind(value, "document")
