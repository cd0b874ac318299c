"""The last look at what is handed around: nothing that lets somebody in may stand in a page.

What is judged is redacted where it is seen, by the values that are known to be secret. This goes by form alone, and
catches what came another way: a traceback of the target, a message of the harness.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = (
    re.compile(r"(?P<kept>)\beyJ[\w-]+\.[\w-]+\.[\w-]*"),
    # A variable to fill in ("Bearer $TOKEN_GUEST") is what the reader needs.
    re.compile(r"(?P<kept>\b(?:Bearer|Basic|Token|JWT)\s+)(?!\$|\[redacted\])[\w.~+/=-]{16,}"),
    re.compile(
        r"(?P<kept>\b(?:Set-)?Cookie\s*:\s*|\bsessionid=|\bcsrftoken=)(?!\$|\[redacted\])[^\s\"']+",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<kept>[\"']password\d?[\"']\s*:\s*[\"'])(?!\$|\[redacted\])[^\"']+", re.IGNORECASE),
)


@lru_cache(maxsize=1024)  # of a hundred thousand texts in a page most are the same few words
def redacted(text: str) -> str:
    """The text without tokens, cookies and passwords."""
    for form in _FORMS:
        text = form.sub(r"\g<kept>[redacted]", text)
    return text
