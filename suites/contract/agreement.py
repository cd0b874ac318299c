"""What two descriptions of one API say differently, and what a description must not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursegate.contracts.differences.documents import Described, described, key_of
from coursegate.contracts.openapi import (
    OF_AN_OUTAGE,
    OF_CONDITIONAL_READS,
    OF_CONDITIONAL_WRITES,
    OF_THE_FRAMEWORK,
    Operation,
    resolved,
)
from coursegate.contracts.outside import Outside

UNDESCRIBED = "the served schema does not describe it"
PREFIX = "/api/"
PAGING = frozenset({"page", "page_size"})


def disagreements(operation: Operation, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    """What the served schema says of an operation that the contract does not, and the other way round."""
    key = key_of(operation.method, operation.path)
    promised, served = described(ours)[key], described(theirs).get(key)
    if served is None:
        yield UNDESCRIBED
        return
    yield from _credentials(promised, served)
    for where in ("query", "header"):
        wanted = {name for place, name in promised.parameters if place == where}
        missing = wanted - {name for place, name in served.parameters if place == where}
        if _may_be_bare(promised):
            missing -= PAGING
        if missing:
            yield f"the served schema lacks the {where} parameter {', '.join(sorted(missing))}"
    required = {name for (_, name), parameter in served.parameters.items() if parameter.get("required")}
    if surplus := required - {name for _, name in promised.parameters}:
        yield f"the served schema requires the parameter {', '.join(sorted(surplus))}, the contract knows none"
    conditional = OF_CONDITIONAL_READS if operation.is_safe else OF_CONDITIONAL_WRITES
    yield from _answers(promised, served, conditional)
    if (
        promised.body.get("required")
        and promised.schema(promised.body).whole().get("properties")
        and not served.body
    ):
        yield "the served schema knows of no body"


def _may_be_bare(promised: Described) -> bool:
    """Whether the contract leaves it to the backend to give a list in pages or as a whole."""
    answer = resolved(promised.document, promised.plain.get("responses", {}).get("200", {}))
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    kinds = [schema.get("type"), *(choice.get("type") for choice in schema.get("oneOf", ()))]
    return "array" in kinds[1:] or (isinstance(kinds[0], list) and "array" in kinds[0])


def _credentials(promised: Described, served: Described) -> Iterator[str]:
    """Whoever is let in without credentials must be so by both; an empty alternative is easily overlooked."""
    ours, theirs = {} in promised.security, {} in served.security
    if theirs and not ours:
        silent = len(served.security) > 1
        told = "has an empty alternative, so that it needs none" if silent else "needs none"
        yield f"it asks for credentials, but in the served schema it {told}"
    if ours and not theirs:
        yield "it needs no credentials, but in the served schema it asks for some"


def _answers(promised: Described, served: Described, conditional: frozenset[str]) -> Iterator[str]:
    known, announced = promised.plain.get("responses", {}), served.plain.get("responses", {})
    # What any operation may be answered, none need announce; one may.
    spare = {"default", *OF_THE_FRAMEWORK, *OF_AN_OUTAGE, *conditional}
    if surplus := {str(status) for status in announced} - known.keys() - spare:
        yield f"the served schema announces {', '.join(sorted(surplus))}, which the contract does not know"
    if not any(str(status).startswith("2") for status in announced):
        yield "the served schema announces no success"


def undefined_security(document: Mapping[str, Any]) -> list[str]:
    """Names of security schemes that operations ask for and nobody defines, each with an operation that does."""
    defined = document.get("components", {}).get("securitySchemes", {})
    found: dict[str, str] = {}
    for operation in described(document).values():
        for way in operation.security:
            for name in way:
                if name not in defined:
                    found.setdefault(name, operation.name)
    return [f"{name}, asked for by {where}, is not defined" for name, where in found.items()]


def surplus_operations(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], outside: Sequence[Outside]
) -> list[str]:
    """Operations below the API's prefix that only the served schema describes."""
    known = described(ours).keys()
    return [
        operation.name
        for (method, path), operation in described(theirs).items()
        if (method, path) not in known
        and operation.name.split(" ")[1].startswith(PREFIX)
        and not any(entry.covers(operation.name.split(" ")[1]) for entry in outside)
    ]


def invalidity(document: Mapping[str, Any]) -> str:
    """Why a document is no valid OpenAPI; "" where it is."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    kind = OpenAPIV31SpecValidator if str(document["openapi"]).startswith("3.1") else OpenAPIV30SpecValidator
    try:
        fault = next(iter(kind(document).iter_errors()), None)
    except Exception as problem:  # references into nowhere and the like are raised, not reported
        return f"{type(problem).__name__}: {str(problem)[:300]}"
    if fault is None:
        return ""
    place = "/".join(map(str, getattr(fault, "absolute_path", ())))
    return f"{str(getattr(fault, 'message', fault))[:300]}" + (f" at {place}" if place else "")
