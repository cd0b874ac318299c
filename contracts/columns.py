"""Of which rows and columns the contract speaks (`columns.yaml`): what a backend keeps besides is its own matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coursegate.contracts.openapi import ApiContract
from coursegate.contracts.reading import read
from coursegate.contracts.world import WorldContract


@dataclass(frozen=True)
class Columns:
    """The columns by model, of foreign keys without `_id`."""

    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, model: str) -> frozenset[str]:
        return self.known.get(model, frozenset())

    def spoken_of(self, written: Iterable[str]) -> frozenset[str]:
        """Of what was written (`app.Model` for rows that come or go, `app.Model.column`), all that is not a backend's own."""
        return frozenset(what for what in written if self._speaks_of(what))

    def shown_by(self, api: ApiContract) -> Columns:
        """With what operations show, take and change besides: a team may add some, on models of its own."""
        found = defaultdict[str, set[str]](set, {model: set(names) for model, names in self.known.items()})
        for operation in api.operations.values():
            for model in {operation.model, operation.creates, operation.collection} - {""}:
                found[model] |= _bare(operation.answer_fields.keys() | operation.writable | operation.touches)
                found[model] |= _bare(operation.effect.keys() | operation.where.keys())
        return Columns({model: frozenset(names) for model, names in found.items()})

    def _speaks_of(self, what: str) -> bool:
        model, _, column = what.rpartition(".")
        return what in self.known or column.removesuffix("_id") in self.of(model)


def load_columns(path: Path, api: ApiContract, world: WorldContract) -> Columns:
    """Read `columns.yaml`, and take in what operations show.

    Raises:
        ContractError: malformed, or it lacks a column that the world sets.
    """
    root = read(path)
    listed = {model: frozenset(entry.texts()) for model, entry in root.items()}
    for item in world.objects.values():
        if item.model not in listed or (unknown := item.fields.keys() - listed[item.model]):
            what = f"{item.model}.{min(unknown)}" if item.model in listed else item.model
            raise root.error(f"{what} is not here, and {item.name} of the world has it")
    return Columns({model: _bare(names) for model, names in listed.items()}).shown_by(api)


def _bare(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.removesuffix("_id") for name in names)
