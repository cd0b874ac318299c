"""Building the world in a target, object by object, each with a time limit of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from coursegate.contracts.world import USER, WorldContract, WorldObject
from coursegate.contracts.world_values import FromNow, Reference
from coursegate.factories.attempt import SAVING, SECONDS_PER_OBJECT, attempt, described
from coursegate.factories.binding import ADJUSTMENTS
from coursegate.factories.existing import row_with
from coursegate.factories.filling import fill_unique
from coursegate.factories.growing import batches, completed, rows_in_the_way, stored_rows
from coursegate.factories.models import factory_for
from coursegate.factories.planting import planted
from coursegate.harness.canaries import PREFIX, mint
from coursegate.harness.deadline import UNFINISHED, TimeLimitExceeded, deadline
from coursegate.harness.poison import known_poison
from coursegate.harness.world import KEPT_OUT, LOOKUPS, NEEDS, Account, World

# How databases say that a constraint of a column refuses a row, even past save().
_CONSTRAINT = re.compile(r"nor past its save\(\): IntegrityError: .*\bcheck constraint\b", re.IGNORECASE)


def build_world(contract: WorldContract, seed: str) -> World:
    """Build everything `world.yaml` names through the target's own models.

    Never raises for what a target does: an object that cannot be built is named in `World.missing` with the cause,
    and whatever needs it is blocked; the rest stands.
    """
    return _Builder(contract, seed).build()


def build_further(world: World, items: Sequence[WorldObject]) -> set[str]:
    """Build objects that `world.yaml` does not name, below those that are there. Returns the names of those that stand.

    The world as it is known does not change: whoever calls this undoes it.
    """
    builder = _Builder(world.contract, world.seed)
    builder.world = replace(
        World(world.contract, world.seed),
        ids=dict(world.ids),
        lookups=dict(world.lookups),
        hanging=world.hanging,
    )
    standing: set[str] = set()
    for item in items:
        for name in item.parents:
            if name in world.ids and name not in builder.instances:
                model = apps.get_model(world.contract.objects[name].model)
                builder.instances[name] = model._base_manager.get(pk=world.ids[name])
        if all(name in builder.instances for name in item.parents):
            try:
                problem = builder._build(item)
            except (Exception, SystemExit, TimeLimitExceeded) as raised:
                problem = described(raised)
            standing |= set() if problem else {item.name}
    return standing


class _Builder:
    def __init__(self, contract: WorldContract, seed: str) -> None:
        self.world = World(contract, seed)
        self.instances: dict[str, Any] = {}
        self.poison = known_poison()
        self.bare: set[str] = set()  # protected fields that carry no canary

    def build(self) -> World:
        objects = self.world.contract.objects.values()
        for model in dict.fromkeys(item.model for item in objects):
            self.world.existing[model] = _existing_keys(model)
        for items in batches(objects):
            try:
                reason = self._build_together(items) if items[0].grown else self._build(items[0])
            except (Exception, SystemExit, TimeLimitExceeded) as problem:
                reason = f"{items[0].model} could not be made: {described(problem)}"
            if reason and items[0].dispensable and _CONSTRAINT.search(reason):
                reason = f"{KEPT_OUT}: {reason}"
            if reason:
                self.world.missing |= dict.fromkeys((item.name for item in items), reason)
        for model in self.world.existing:
            # What the target's signals made besides belongs to somebody, and nobody here can say to whom.
            self.world.existing[model] |= _existing_keys(model) - self.world.rows_of(model).keys()
        for told, names in (
            ("fields the target's models lack were left out", ADJUSTMENTS.dropped),
            (
                "protected fields carry no canary: the target's models lack them, or they hold no text",
                self.bare,
            ),
            ("required fields nobody told us of were filled by type", ADJUSTMENTS.filled),
        ):
            if names:
                self.world.notes.append(f"{told}: {', '.join(sorted(names))}")
        return self.world

    def _build(self, item: WorldObject) -> str:
        """Build one object. Returns why it is missing, or ""."""
        if reason := self._hindrance(item):
            return reason
        model = apps.get_model(item.model)
        values, tokens = self._values(item, model)
        with deadline(SECONDS_PER_OBJECT):
            instance = self._instance(item, model, values)
        if reason := self._save(item, model, instance):
            return reason
        self.instances[item.name] = instance
        self._record(item, model, self._settle(item, model, instance, values, tokens), tokens)
        return ""

    def _build_together(self, items: list[WorldObject]) -> str:
        """Build a batch of grown objects, or none of them. Returns why they are missing, or ""."""
        if reason := next(filter(None, map(self._hindrance, items)), ""):
            return reason
        model = apps.get_model(items[0].model)
        values, tokens, instances = {}, {}, {}
        for item in items:
            values[item.name], tokens[item.name] = self._values(item, model)
            instances[item.name] = completed(item, self._new_instance(item, values[item.name]))

        def create() -> None:
            model._base_manager.bulk_create(list(instances.values()))

        def make_way() -> None:
            known = self.world.rows_of(items[0].model)
            model._base_manager.filter(pk__in=rows_in_the_way(model, values.values(), known)).delete()
            create()

        if attempt(create) and (problem := attempt(make_way)):
            return f"{items[0].model} cannot be stored in batches: {problem}"
        self.instances |= instances
        stored = stored_rows(model, instances.values())
        for item in items:
            self._record(item, model, stored[instances[item.name].pk], tokens[item.name])
        return ""

    def _hindrance(self, item: WorldObject) -> str:
        """Why an object cannot even be tried, or ""."""
        for parent in item.parents:
            if parent in self.world.missing:
                return f"{NEEDS} {parent}: {self.world.missing[parent]}"
        try:
            apps.get_model(item.model)
        except LookupError:
            return f"the target has no model {item.model}{_called_otherwise(item.model)}"
        return ""

    def _values(self, item: WorldObject, model: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The values to build with, and which field of them carries which token."""
        values = {name: self._resolved(value) for name, value in item.fields.items()}
        tokens = {}
        for name in item.clearance:
            token = mint(self.world.seed, item.name, name)
            field, words = _field(model, name), item.name.replace("-", " ")
            if (value := planted(field, token, words)) is None:
                self.bare.add(f"{item.model}.{name}")
            else:
                values[name], tokens[name] = value, token
        return values, tokens

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Reference):
            return self.instances[value.name]
        if isinstance(value, float):
            return Decimal(str(value))  # 49.99 and no digit more: a model that validates itself counts them
        return timezone.now() + value.delta if isinstance(value, FromNow) else value

    def _instance(self, item: WorldObject, model: Any, values: dict[str, Any]) -> Any:
        """A new instance; or the row that a signal of the target made already, brought to the wanted state."""
        row = row_with(model, values)
        if row is not None and row.pk not in self.world.rows_of(item.model):
            for name, wanted in values.items():
                if _field(model, name) is not None:
                    setattr(row, name, wanted)
            return row
        return self._new_instance(item, values)

    def _new_instance(self, item: WorldObject, values: dict[str, Any]) -> Any:
        if item.model == USER:
            # Unique, although a world of another seed may stand in the same database.
            values = {"username": f"person_{mint(self.world.seed, item.name, 'username')[2:14]}", **values}
        instance = factory_for(item.model).build(**values)
        if item.model == USER:
            password = mint(self.world.seed, item.name, "password")[:20] + "-Aa1"
            instance.set_password(password)
            self.world.accounts[item.name] = Account(str(instance.email), password)
        return instance

    def _save(self, item: WorldObject, model: Any, instance: Any) -> str:
        """Save through the target's own `save()` and signals; past them where that fails, so that reads can be judged."""
        known = self.world.hanging.get(item.model, "")
        problem = known or self._poisoned(item.model) or attempt(instance.save, item.model)
        if not problem:
            return ""
        if problem.startswith(UNFINISHED):
            self.world.hanging[item.model] = problem
        if instance.pk is not None and model._base_manager.filter(pk=instance.pk).exists():
            self.world.faults.append(f"{item.name}: saved, but what follows the saving failed: {problem}")
            return ""
        instance.pk = None
        instance._state.adding = True
        fill_unique(instance)
        if bulk := attempt(lambda: model._base_manager.bulk_create([instance])):
            return f"{item.model} cannot be saved: {problem}; nor past its save(): {bulk}"
        if known:  # and told already
            return ""
        # A model that refuses a state politely is within its rights; one that crashes on it is not.
        told = self.world.notes if problem.startswith("ValidationError") else self.world.faults
        told.append(f"{item.name}: stored past {item.model}.save(), which failed: {problem}")
        return ""

    def _poisoned(self, model: str) -> str:
        """How an earlier process of this run came to its end over a model's save(); "" where none did."""
        place = self.poison.get((SAVING, model), "")
        return place and f"{UNFINISHED} {SECONDS_PER_OBJECT:g} s, and not to be cut off; it stood in {place}"

    def _record(self, item: WorldObject, model: Any, stored: dict[str, Any], tokens: dict[str, str]) -> None:
        """Remember the stored row: its key, its other names, and which canaries it really holds."""
        key = stored[model._meta.pk.attname]
        self.world.ids[item.name] = key
        named = {name: str(stored[name]) for name in LOOKUPS if stored.get(name)}
        self.world.lookups[item.name] = {"pk": str(key), **named}
        self.world.planted[item.name] = {}
        for name, token in tokens.items():
            held = str(stored.get(name) or "").lower()
            if token[:PREFIX] in held:
                self.world.plant(item, name, token)
            elif isinstance(_field(model, name), models.FileField):
                # Its name is the target's to choose; its contents are ours.
                if held:
                    self.world.plant(item, name, token, inside=True)
            elif not item.grown:  # of a hundred alike the first ones are told
                self.world.notes.append(
                    f"{item.name}.{name}: the target stored something else than it was given"
                )

    def _settle(
        self, item: WorldObject, model: Any, instance: Any, values: dict[str, Any], tokens: dict[str, str]
    ) -> dict[str, Any]:
        """The stored row, after putting right what the target's own save() made of the declared state."""
        rows = model._base_manager.filter(pk=instance.pk)
        stored: dict[str, Any] = rows.values().get()
        wrong = {
            name: value
            for name, value in values.items()
            if name not in tokens
            and (field := _field(model, name)) is not None
            and not isinstance(field, (models.FileField, models.DateTimeField, models.ForeignKey))
            and field.to_python(value) != stored.get(field.attname)
        }
        if wrong and not attempt(lambda: rows.update(**wrong)):
            self.world.notes.append(
                f"{item.name}: {', '.join(sorted(wrong))} had to be set past {item.model}.save()"
            )
            stored = rows.values().get()
        return stored


def _called_otherwise(model: str) -> str:
    """Of accounts it is known what the target calls them."""
    if model != USER or settings.AUTH_USER_MODEL == USER:
        return ""
    return f"; its AUTH_USER_MODEL is {settings.AUTH_USER_MODEL}: [models] of the team's file says which is which"


def _field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _existing_keys(model: str) -> set[Any]:
    try:
        return set(apps.get_model(model)._base_manager.values_list("pk", flat=True))
    except Exception:  # no such model, or no table for it: then nothing was there before us either
        return set()
