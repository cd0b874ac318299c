"""The schema that a backend serves of itself: where it says that it stands, as large as it may be, read from JSON or YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import yaml

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound

VERSION, USUAL = "/api/version/", "/api/schema/"
# A schema of a thousand operations has a tenth of it.
MOST_BYTES = 20_000_000
# One that is an object may be served to people who work here only.
ASKED_AS = (GUEST, "staff")
# Either will do; JSON is read in a tenth of the time.
READ = {"Accept": "application/vnd.oai.openapi+json, application/json;q=0.9, */*;q=0.5"}
# Making a schema takes a backend a second: it is asked for once in a run.
_SERVED: dict[int, Served] = {}


@dataclass(frozen=True)
class Served:
    """What was served.

    Attributes:
        document: the schema; None where there is none that can be read.
        fault: why not.
    """

    exchanges: list[Exchange]
    document: Mapping[str, Any] | None
    fault: str = ""


def served_by(bound: Bound) -> Served:
    """The schema that a target serves, by the contract's names of its paths; asked for once in a run."""
    if id(bound) not in _SERVED:
        served = _fetched(bound)
        naming = getattr(bound.target, "naming", None)
        if served.document is not None and naming is not None:
            # What the backend names otherwise is compared by the contract's names.
            paths = {
                naming.of_contract(path) or path: item for path, item in served.document["paths"].items()
            }
            served = replace(served, document={**served.document, "paths": paths})
        _SERVED[id(bound)] = served
    return _SERVED[id(bound)]


def _fetched(bound: Bound) -> Served:
    """Ask for the schema, as a guest first."""
    path = _place(bound)
    exchanges: list[Exchange] = []
    for principal in ASKED_AS:
        try:
            token = "" if principal == GUEST else bound.client.sign_in(principal)
        except CannotAsk:
            continue
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = Request("GET", path, principal, {**READ, **headers})
        exchanges.append(Exchange(request, bound.target.send(request)))
        if exchanges[-1].answer.status not in {401, 403}:
            break
    document, fault = read_schema(exchanges[-1].answer)
    return Served(exchanges, document, fault and f"{path}: {fault}")


def _place(bound: Bound) -> str:
    """Where the version operation says that the schema is; the usual path where it says nothing."""
    answer = bound.target.send(Request("GET", VERSION)).json
    documentation = answer.get("documentation") if isinstance(answer, dict) else None
    said = documentation.get("openapi_schema") if isinstance(documentation, dict) else None
    # On this host, whatever host it names.
    parts = urlsplit(said) if isinstance(said, str) else urlsplit("")
    path = parts.path if parts.path.startswith("/") else USUAL
    return f"{path}?{parts.query}" if parts.query else path


def read_schema(answer: Answer) -> tuple[Mapping[str, Any] | None, str]:
    """The document in an answer, or None and what is wrong with it."""
    if answer.status != 200:
        return None, f"no schema is served: {answer.summary}"
    if len(answer.body) > MOST_BYTES:
        return None, f"the schema has {len(answer.body):,} bytes; {MOST_BYTES:,} are the most that is read"
    document: Any = answer.json
    if document is None:
        try:
            # Not libyaml's loader: what is nested deep enough ends the process there, here only the reading.
            document = yaml.load(answer.text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError):
            return (
                None,
                f"what is served is neither JSON nor YAML, but {answer.header('Content-Type') or 'untyped'}",
            )
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        return None, "what is served is no OpenAPI document: it has no paths"
    if not str(document.get("openapi", "")).startswith("3."):
        return None, f"what is served is no OpenAPI 3: its version is {document.get('openapi')!r}"
    return document, ""
