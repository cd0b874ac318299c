"""The world as the contract speaks of it once a change of standing has been made."""

from __future__ import annotations

from dataclasses import replace

from coursegate.contracts.standing import Change
from coursegate.contracts.world import Audience, WorldContract, WorldObject
from coursegate.harness.canaries import Aviary
from coursegate.harness.world import World


def world_after(world: World, change: Change) -> World:
    """The same rows, and who may see them from then on."""
    contract = contract_after(world.contract, change)
    after = Aviary()
    for canary in world.aviary.canaries.values():
        clearance = contract.objects[canary.object].clearance[canary.field]
        after.add(replace(canary, clearance=clearance))
    return replace(world, contract=contract, aviary=after)


def contract_after(world: WorldContract, change: Change) -> WorldContract:
    """Who may see what from then on: whoever has become another keeps what is their own; an object that resembles
    another is seen by those who see the other, and so is what hangs below it, where that is so of the other. Whether what
    learners did further below is still listed is the team's choice; that it shows no more than they may see is not.
    """
    objects = dict(world.objects)
    for item in world.objects.values() if change.becomes else ():
        if world.account_of(item.name) == change.who:
            objects[item.name] = _widened(item, frozenset({change.becomes}))
    for name, alike in change.like.items():
        model = world.objects[alike]
        narrows = all(child.exists <= model.exists for child in _children(world, alike))
        below = (item for item in world.objects.values() if world.within(item, name))
        for item in below if narrows else ():
            if world.account_of(item.name):
                if name not in item.parents:
                    objects[item.name] = replace(objects[item.name], listed=frozenset())
            elif item.name not in change.like:
                objects[item.name] = _narrowed(objects[item.name], model.opens)
        objects[name] = replace(
            objects[name],
            exists=model.exists,
            opens=model.opens,
            listed=model.listed,
            clearance=model.clearance,
        )
    return replace(world, objects=objects)


def _children(world: WorldContract, name: str) -> list[WorldObject]:
    below = (item for item in world.objects.values() if name in item.parents)
    return [item for item in below if not world.account_of(item.name)]


def _narrowed(item: WorldObject, audience: Audience) -> WorldObject:
    return replace(
        item,
        exists=item.exists & audience,
        opens=item.opens & audience,
        listed=item.listed & audience,
        clearance={field: clearance & audience for field, clearance in item.clearance.items()},
    )


def _widened(item: WorldObject, audience: Audience) -> WorldObject:
    return replace(
        item, clearance={field: clearance | audience for field, clearance in item.clearance.items()}
    )
