"""Taking a world out of a database again: the rows that carry its tokens, and what hangs below them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from coursegate.contracts.contract import Contract
from coursegate.harness.canaries import PREFIX, mint, tokens_in

MOST_PER_DELETE = 500


class CannotClear(Exception):
    """An earlier world of the same seed stands there and does not go. The text says why."""


def clear_world(contract: Contract, seed: str) -> int:
    """Delete every row in whose protected fields a token of this seed stands, with what runs have written into it.

    Tokens are of 128 bits, so no other row is taken for one of the world's; what hangs below its rows, as the
    target's models cascade, goes with them. Returns how many rows were found; 0 where no such world stands.

    Raises:
        CannotClear: the target refuses, and nothing was deleted.
    """
    known = _prefixes(contract, seed)
    found = 0
    try:
        with transaction.atomic():
            # Children first, as they were built last: some targets protect a row that others point to.
            for model in reversed(
                list(dict.fromkeys(item.model for item in contract.world.objects.values()))
            ):
                keys = list(_marked(contract, model, known))
                found += len(keys)
                for start in range(0, len(keys), MOST_PER_DELETE):
                    some = keys[start : start + MOST_PER_DELETE]
                    apps.get_model(model)._base_manager.filter(pk__in=some).delete()
    except (Exception, SystemExit) as problem:
        reason = f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
        raise CannotClear(
            f"a world of seed {seed!r} stands there and cannot be cleared ({reason}). "
            "Another --world-seed builds one beside it."
        ) from None
    return found


def _prefixes(contract: Contract, seed: str) -> frozenset[str]:
    """The starts of all tokens of a seed: of the world, and of what its cells write."""
    planted = (
        mint(seed, item.name, name) for item in contract.world.objects.values() for name in item.clearance
    )
    written = (mint(seed, "write", cell) for cell in contract.access.cells)
    return frozenset(token[:PREFIX] for tokens in (planted, written) for token in tokens)


def _marked(contract: Contract, label: str, known: frozenset[str]) -> Iterator[Any]:
    """The keys of the rows of a model that carry one of the tokens."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return
    names = {name for item in contract.world.of_model(label) for name in item.clearance}
    fields = sorted(name for name in names if _is_stored(model, name))
    marked = models.Q(*((f"{name}__contains", "zq") for name in fields), _connector=models.Q.OR)
    if not fields:
        return
    for key, *values in model._base_manager.filter(marked).values_list("pk", *fields):
        if known.intersection(tokens_in(" ".join(map(str, values)))):
            yield key


def _is_stored(model: Any, name: str) -> bool:
    try:
        return bool(model._meta.get_field(name).concrete)
    except FieldDoesNotExist:
        return False
