"""The contract's paths in a backend that names some of them otherwise, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coursegate.contracts.agreement import PREFIX, Agreement
from coursegate.contracts.openapi import ApiContract

_PARAMETER = re.compile(r"{\w+}")


@dataclass(frozen=True)
class Naming:
    """Paths as the contract has them -> paths as the backend has them.

    Attributes:
        prefix: what the backend's paths begin with, where those of the contract begin with `/api/`.
        renamed: (path of the contract, path of the backend), with their parameters.
    """

    prefix: str = PREFIX
    renamed: tuple[tuple[str, str], ...] = ()

    def own(self, path: str) -> str:
        """A path as the backend has it; one that is none of the contract's stays as it is."""
        plain, mark, query = path.partition("?")
        for said, named in self.renamed:
            if match := re.fullmatch(_pattern(said), plain):
                return _filled(named, match.groups()) + mark + query
        if plain.startswith(PREFIX):
            plain = self.prefix + plain.removeprefix(PREFIX)
        return plain + mark + query

    def of_contract(self, template: str) -> str:
        """A routed path of the backend, with its parameters, as the contract has it; "" where it is none of the API."""
        for said, named in self.renamed:
            if _shape(named) == _shape(template):
                return said
        return PREFIX + template.removeprefix(self.prefix) if template.startswith(self.prefix) else ""


def naming_of(agreement: Agreement, api: ApiContract) -> Naming:
    """How a backend names what the contract names.

    Raises:
        ContractError: the agreement speaks of operations that there are not.
    """
    agreement.check(api)
    renamed = {api.operations[name].path: path for name, path in agreement.routes.items()}
    return Naming(agreement.prefix, tuple(renamed.items()))


def _pattern(template: str) -> str:
    return "".join(
        "([^/]+)" if _PARAMETER.fullmatch(part) else re.escape(part)
        for part in re.split(r"({\w+})", template)
    )


def _filled(template: str, values: Iterable[str]) -> str:
    left = iter(values)
    return _PARAMETER.sub(lambda _match: next(left), template)


def _shape(template: str) -> str:
    return _PARAMETER.sub("{}", template)
