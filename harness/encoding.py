"""How a body is sent: as JSON, or as the form of a page sends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from urllib3.filepost import encode_multipart_formdata

JSON, MULTIPART, URLENCODED = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"
# What any page of any site may send without asking: with these a browser makes no preflight (Fetch Standard, CORS-safelisted).
FORMS = (MULTIPART, URLENCODED)
BOUNDARY = "a-boundary-between-fields"


@dataclass(frozen=True)
class Upload:
    """A file in a form: what it is called, what it holds, and as what it is declared."""

    name: str
    content: bytes = field(repr=False)
    media: str

    def __str__(self) -> str:
        """As `curl --form` writes it."""
        return f"@{self.name};type={self.media}"


def encoded(body: Any, media: str) -> tuple[bytes, str]:
    """The bytes of a body, and the Content-Type to send with them; a form holds the fields of a dictionary as texts."""
    if media == JSON:
        return json.dumps(body, default=str).encode(), JSON
    fields = fields_of(body)
    if media == URLENCODED:
        return urlencode(fields).encode(), URLENCODED
    parts = [
        (name, (value.name, value.content, value.media) if isinstance(value, Upload) else value)
        for name, value in fields
    ]
    return encode_multipart_formdata(parts, BOUNDARY)


def fields_of(body: dict[str, Any]) -> list[tuple[str, str | Upload]]:
    """The fields of a form, a list as one field for each of its items."""
    return list(_fields(body))


def _fields(body: dict[str, Any]) -> Iterator[tuple[str, str | Upload]]:
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, bool):
                yield name, "true" if item else "false"
            elif isinstance(item, Upload):
                yield name, item
            elif item is not None:
                yield name, json.dumps(item, default=str) if isinstance(item, dict) else str(item)
