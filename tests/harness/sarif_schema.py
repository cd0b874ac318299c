"""SARIF 2.1.0 as far as the gate writes it: a JSON Schema, written by hand from the sections of the standard it names.

Nothing is allowed that is not named here, so that a key which the standard does not know cannot slip in.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
STRINGS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


BAG = {"type": "object", "properties": {"tags": STRINGS}}  # 3.8
MESSAGE = _object("text", text=TEXT)  # 3.11
MULTIFORMAT = _object("text", text=TEXT, markdown=TEXT)  # 3.12: markdown never stands alone
# 3.4: a reference without spaces, relative where a base is named
ARTIFACT = _object("uri", uri={"type": "string", "pattern": r"^[^\s/][^\s]*$"}, uriBaseId=TEXT)
LOCATION = _object(
    physicalLocation=_object(  # 3.29
        "artifactLocation",
        artifactLocation=ARTIFACT,
        region=_object("startLine", startLine={"type": "integer", "minimum": 1}),  # 3.30
    ),
    logicalLocations=_list(_object(fullyQualifiedName=TEXT, kind=TEXT)),  # 3.33
    id={"type": "integer", "minimum": -1},  # 3.28.2
    message=MESSAGE,
)
RULE = _object(  # 3.49
    "id",
    id=TEXT,
    shortDescription=MULTIFORMAT,
    fullDescription=MULTIFORMAT,
    help=MULTIFORMAT,
    defaultConfiguration=_object(level=LEVEL),  # 3.50
    properties=BAG,
)
RESULT = _object(  # 3.27
    "message",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    message=MESSAGE,
    locations=_list(LOCATION),
    relatedLocations=_list(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},  # 3.27.24
    suppressions=_list(  # 3.35
        _object("kind", kind={"enum": ["inSource", "external"]}, justification={"type": "string"})
    ),
    properties=BAG,
)
INVOCATION = _object(  # 3.20
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    exitCode={"type": "integer"},
    toolExecutionNotifications=_list(_object("message", level=LEVEL, message=MESSAGE)),  # 3.58
)
RUN = _object(  # 3.14
    "tool",
    tool=_object("driver", driver=_object("name", name=TEXT, semanticVersion=TEXT, rules=_list(RULE))),
    automationDetails=_object(id=TEXT),  # 3.17
    originalUriBaseIds={  # 3.14.14: an absolute address that ends with a slash
        "type": "object",
        "additionalProperties": _object("uri", uri={"type": "string", "pattern": r"^file:///.*/$"}),
    },
    results=_list(RESULT),
    invocations=_list(INVOCATION),
    properties=BAG,
)
LOG: dict[str, Any] = _object(  # 3.13
    "version runs", **{"$schema": {"type": "string"}, "version": {"const": "2.1.0"}, "runs": _list(RUN)}
)
