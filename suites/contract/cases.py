"""The checks of this room: the contract, the schema that the backend serves, and each operation in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from coursegate.contracts.contract import Contract
from coursegate.harness.checks import Check

SOURCES = ("policy 17",)


class About(StrEnum):
    """What a check looks at."""

    OURS = "openapi"
    SERVED = "served"
    OPERATION = "operations"


@dataclass(frozen=True)
class ContractCheck(Check):
    """`aspect` is what of it; of an operation, all of it."""

    about: About
    aspect: str = ""


ASPECTS = {
    About.OURS: {
        "valid": "the contract is valid OpenAPI 3.1",
        "security": "every kind of credentials that it asks for is defined",
    },
    About.SERVED: {
        "there": "a schema that can be read, where the version says it is",
        "valid": "valid OpenAPI 3",
        "security": "every kind of credentials that it asks for is defined",
        "surplus": "no operation that the contract does not describe",
    },
}


def checks(contract: Contract) -> list[ContractCheck]:
    return [*_documents(), *_operations(contract)]


def _documents() -> Iterator[ContractCheck]:
    for about, aspects in ASPECTS.items():
        for aspect, expected in aspects.items():
            yield ContractCheck(
                id=f"contract/{about}/{aspect}",
                operation="",
                principal="",
                subject="the contract" if about is About.OURS else "the served schema",
                expected=expected,
                sources=SOURCES,
                about=about,
                aspect=aspect,
            )


def _operations(contract: Contract) -> Iterator[ContractCheck]:
    for operation in contract.api.operations.values():
        yield ContractCheck(
            id=f"contract/operations/{operation.id}",
            operation=operation.id,
            principal="",
            subject=f"{operation.method} {operation.path}",
            expected="served as described: credentials, parameters, answers",
            sources=SOURCES,
            about=About.OPERATION,
        )
