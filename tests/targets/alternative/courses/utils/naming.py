"""Unique names: slugs, certificate numbers, identifiers, file names."""

import hashlib
import hmac
import re
import secrets
import unicodedata
import uuid

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

MAX_FILENAME_LENGTH = 100


def generate_certificate_number(course_id, user_id, timestamp=None):
    """CERT-<course>-<user>-<moment>-<random>: unique without a look into the table."""
    moment = (timestamp or timezone.now()).strftime("%Y%m%d%H%M%S")
    return f"CERT-{int(course_id):06d}-{int(user_id):06d}-{moment}-{secrets.token_hex(4).upper()}"


def generate_verification_hash(certificate_number, enrollment_id=None, issue_date=None):
    message = "|".join(str(part) for part in (certificate_number, enrollment_id or "", issue_date or ""))
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def generate_unique_identifier(prefix="", length=12):
    return f"{prefix}{uuid.uuid4().hex[:length]}"


def generate_unique_slug(title, model_class, max_length=None, slug_field="slug", instance=None):
    """First free of title, title-1, title-2 ...; the stem gives way to the suffix, never the other way round."""
    limit = max_length or model_class._meta.get_field(slug_field).max_length
    stem = slugify(unicodedata.normalize("NFKC", str(title or "")))[:limit].strip("-")
    stem = stem or uuid.uuid4().hex[: min(8, limit)]
    rows = model_class._default_manager.exclude(pk=getattr(instance, "pk", None))
    room = limit - 12
    taken = set(rows.filter(**{f"{slug_field}__startswith": stem[:room]}).values_list(slug_field, flat=True))
    if stem not in taken:
        return stem
    for number in range(1, len(taken) + 2):
        suffix = f"-{number}"
        candidate = stem[: limit - len(suffix)].rstrip("-") + suffix
        if candidate not in taken:
            return candidate
    return stem[: limit - 9].rstrip("-") + f"-{uuid.uuid4().hex[:8]}"


def get_file_extension(filename):
    return str(filename).rpartition(".")[2].lower() if "." in str(filename or "") else ""


def _stored_name(folder, owner, filename):
    """A fresh name in a folder of its own: what the client called the file is never used as a path."""
    extension = re.sub(r"[^a-z0-9]", "", get_file_extension(filename))[:10]
    return f"{folder}/{owner or 'new'}/{uuid.uuid4().hex}{'.' + extension if extension else ''}"


def upload_course_thumbnail(instance, filename):
    return _stored_name("course_thumbnails", instance.pk, filename)


def upload_lesson_resource(instance, filename):
    return _stored_name("lesson_resources", instance.lesson_id, filename)
