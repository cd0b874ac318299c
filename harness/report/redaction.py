"""The last look at what is handed around: nothing that lets somebody in may stand in a page.

What is judged is redacted where it is seen, by the values that are known to be secret. This goes by form alone, and
catches what came another way: a traceback of the target, a message of the harness.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursegate.harness.report.gate_json import Result

_FORMS = (
    re.compile(r"(?P<kept>)\beyJ[\w-]+\.[\w-]+\.[\w-]*"),
    # A variable to fill in ("Bearer $TOKEN_GUEST") is what the reader needs.
    re.compile(r"(?P<kept>\b(?:Bearer|Basic|Token|JWT)\s+)(?!\$|\[redacted\])[\w.~+/=-]{16,}"),
    re.compile(
        r"(?P<kept>\b(?:Set-)?Cookie\s*:\s*|\bsessionid=|\bcsrftoken=)(?!\$|\[redacted\])[^\s\"']+",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<kept>[\"']password\d?[\"']\s*:\s*[\"'])(?!\$|\[redacted\])[^\"']+", re.IGNORECASE),
    # As a form sends it, as settings hold it, as the address of a database names it.
    re.compile(
        r"(?P<kept>\b(?:password\d?|secret_key|api_key)\s*=\s*[\"']?)(?!\$|\[redacted\])[^\s\"'&,;)]+",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<kept>\b[a-z][a-z\d+.-]*://[^\s:@/]*:)(?!\$|\[redacted\])[^\s@/]+(?=@)", re.IGNORECASE),
)


@lru_cache(maxsize=1024)  # of a hundred thousand texts in a page most are the same few words
def redacted(text: str) -> str:
    """The text without tokens, cookies and passwords."""
    for form in _FORMS:
        text = form.sub(r"\g<kept>[redacted]", text)
    return text


def cleaned(result: Result) -> Result:
    """The run with every text that was seen or said in it redacted: what each report is made from."""
    preflight = [type(rung).from_dict(_clean(rung.as_dict())) for rung in result.preflight]
    return replace(
        result,
        cells=_clean(result.cells),
        preflight=preflight,
        harness_errors=_clean(result.harness_errors),
        ledger=replace(result.ledger, left=_clean(result.ledger.left)),
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value
