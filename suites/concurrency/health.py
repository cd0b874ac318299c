"""How the application says it is doing, told by several threads."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.race import Proof, Scene, race

# No name is promised for what sets the health of one component: these words are looked for (APP-02, note).
CHANGES = ("update", "set", "report", "mark", "record")
SUBJECTS = ("health", "component", "status")
READ = ("get_health_status", "health_status")
CROWD = 8


@race("APP-02", watched=[], proofs=[Proof.EVERY_LINE, Proof.AT_ONCE])
def telling_of_components(_arena: Arena) -> Scene:
    """Threads that tell at once of the health of different components all have the last word on their own."""
    from django.apps import apps

    config = apps.get_app_config("courses")
    change = _setter(config)
    # Nothing takes a component back: each race tells of some that were never told of.
    names = [f"component-{uuid.uuid4().hex}" for _ in range(CROWD)]
    in_turn = [f"component-{uuid.uuid4().hex}" for _ in range(2)]
    for name in in_turn:
        _when_ready(config, change, name)
    if not all(name in repr(_told(config)) for name in in_turn):
        raise NotApplicable("what is told names no components, or the last one only")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        told = repr(_told(config))
        if lost := [name for name in names[: len(given)] if name not in told]:
            yield f"what was told of {len(lost)} of {len(given)} components is lost"

    return Scene([partial(change, name, "ready") for name in names], verify)


@race("APP-02", watched=[], proofs=[Proof.EVERY_LINE, Proof.AT_ONCE])
def telling_of_components_anew(_arena: Arena) -> Scene:
    """Threads that tell at once that components are otherwise than before all have the last word on their own."""
    from django.apps import apps

    config = apps.get_app_config("courses")
    change = _setter(config)
    names = [f"component-{uuid.uuid4().hex}" for _ in range(CROWD)]
    for name in names:
        _when_ready(config, change, name)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        raced = repr(_told(config))
        for name in names[: len(given)]:
            change(name, "degraded")
        in_turn = repr(_told(config))
        for name in names:  # or the whole would stay degraded, whatever another race tells of
            change(name, "ready")
        if raced != in_turn:
            yield "what was told of a component is what it had been before: it had to be told once more"

    return Scene([partial(change, name, "degraded") for name in names], verify)


@race("APP-02", watched=[], proofs=[Proof.EVERY_LINE])
def reading_while_it_changes(_arena: Arena) -> Scene:
    """Who reads how the application is doing while that changes reads how it was, or how it is: never some of each."""
    from django.apps import apps

    config = apps.get_app_config("courses")
    change, name = _setter(config), f"component-{uuid.uuid4().hex}"
    before = _when_ready(config, change, name)

    def verify(given: Sequence[Any]) -> Iterator[str]:
        after = repr(_told(config))
        change(name, "ready")  # or nothing would be seen of the next change
        if given[0] not in {before, after}:
            yield f"what was read is neither how it was nor how it is: {given[0]}"

    return Scene([lambda: repr(_told(config)), lambda: change(name, "degraded")], verify)


def _when_ready(config: Any, change: Callable[[str, str], Any], name: str) -> str:
    """What is told while a component is ready, as far as that is another thing while it is degraded.

    Raises:
        NotApplicable: it has other words for that, or tells something else each time.
    """
    told = []
    for standing in ("ready", "degraded", "ready"):
        try:
            change(name, standing)
        except Exception as problem:
            raise NotApplicable(f"no component can be {standing}: {type(problem).__name__}") from None
        told.append(repr(_told(config)))
    if told[0] != told[2] or told[0] == told[1]:
        raise NotApplicable("what is told does not go by how the components are alone")
    return told[0]


def _setter(config: Any) -> Callable[[str, str], Any]:
    """The public method that takes a component and its standing.

    Raises:
        NotApplicable: there is none, so nothing mutates the status from threads this way.
    """
    for name in sorted(vars(type(config))):
        method = getattr(config, name, None)
        if name.startswith("_") or not any(word in name for word in SUBJECTS) or not callable(method):
            continue
        if name.startswith(CHANGES) and len(inspect.signature(method).parameters) == 2:
            return method  # type: ignore[no-any-return]
    raise NotApplicable(
        f"CoursesConfig has no public method of two parameters whose name begins with {', '.join(CHANGES)}"
        f" and speaks of {', '.join(SUBJECTS)}"
    )


def _told(config: Any) -> Any:
    for name in READ:
        found = getattr(config, name, None)
        if found is not None:
            return found() if callable(found) else found
    raise CannotAsk(f"the application's configuration has none of {', '.join(READ)}")
