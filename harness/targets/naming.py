"""The contract's paths in a backend that names some of them otherwise, and back."""

from __future__ import annotations

from dataclasses import dataclass

from coursegate.contracts.agreement import PREFIX, Agreement
from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.path_templates import filled, pattern_of, shape_of


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
            if match := pattern_of(said).fullmatch(plain):
                return filled(named, match.groups()) + mark + query
        if plain.startswith(PREFIX):
            plain = self.prefix + plain.removeprefix(PREFIX)
        return plain + mark + query

    def of_contract(self, template: str) -> str:
        """A routed path of the backend, with its parameters, as the contract has it; "" where it is none of the API."""
        for said, named in self.renamed:
            if shape_of(named) == shape_of(template):
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
