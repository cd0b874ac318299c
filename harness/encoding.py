"""How a body is sent: as JSON, or as the form of a page sends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from urllib3.filepost import encode_multipart_formdata

JSON, MULTIPART, URLENCODED = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"
# What any page of any site may send without asking: with these a browser makes no preflight (Fetch Standard, CORS-safelisted).
FORMS = (MULTIPART, URLENCODED)
BOUNDARY = "a-boundary-between-fields"


def encoded(body: Any, media: str) -> tuple[bytes, str]:
    """The bytes of a body, and the Content-Type to send with them; a form holds the fields of a dictionary as texts."""
    if media == JSON:
        return json.dumps(body, default=str).encode(), JSON
    fields = fields_of(body)
    if media == URLENCODED:
        return urlencode(fields).encode(), URLENCODED
    return encode_multipart_formdata(fields, BOUNDARY)


def fields_of(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a form, a list as one field for each of its items."""
    return list(_fields(body))


def _fields(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, bool):
                yield name, "true" if item else "false"
            elif item is not None:
                yield name, json.dumps(item, default=str) if isinstance(item, dict) else str(item)
