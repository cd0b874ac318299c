"""Validators of uploads."""

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from ..constants import ALLOWED_EXTENSIONS, MAX_FILE_SIZE

try:
    from PIL import Image

    HAS_PIL = True
except ImportError:
    HAS_PIL = False


@deconstructible(path="courses.validators.FileSizeValidator")
class FileSizeValidator:
    def __init__(self, max_size=MAX_FILE_SIZE["document"]):
        self.max_size = max_size

    def __call__(self, value):
        if getattr(value, "size", 0) > self.max_size:
            raise ValidationError(_("The file is too large."), code="file_too_large")

    def __eq__(self, other):
        return isinstance(other, FileSizeValidator) and self.max_size == other.max_size

    def __hash__(self):
        return hash(self.max_size)


@deconstructible(path="courses.validators.ContentTypeValidator")
class ContentTypeValidator:
    def __init__(self, allowed_types=()):
        self.allowed_types = list(allowed_types)

    def __call__(self, value):
        content_type = getattr(value, "content_type", None)
        if content_type and content_type not in self.allowed_types:
            raise ValidationError(_("This type of file is not allowed."), code="invalid_content_type")

    def __eq__(self, other):
        return isinstance(other, ContentTypeValidator) and self.allowed_types == other.allowed_types

    def __hash__(self):
        return hash(tuple(self.allowed_types))


def validate_file_extension(value, allowed_extensions):
    name = str(getattr(value, "name", value) or "")
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in {allowed.lower().lstrip(".") for allowed in allowed_extensions}:
        raise ValidationError(_("This kind of file is not allowed."), code="invalid_extension")


def _validate_kind(value, kind):
    validate_file_extension(value, ALLOWED_EXTENSIONS[kind])
    FileSizeValidator(MAX_FILE_SIZE[kind])(value)


def validate_image_file(value):
    """An image by name, size and, where the imaging library is there, by content."""
    _validate_kind(value, "image")
    if not HAS_PIL or not hasattr(value, "read"):
        return
    try:
        Image.open(value).verify()
    except Exception as error:
        raise ValidationError(_("The file is not an image."), code="invalid_image") from error
    finally:
        if hasattr(value, "seek"):
            value.seek(0)


def validate_video_file(value):
    _validate_kind(value, "video")


def validate_document_file(value):
    _validate_kind(value, "document")
