"""`courses/serializers/mixins.py`: what is done to each representation is done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.mixin_serializers import (
    EACH,
    HOOK,
    MIXIN,
    SERIALIZERS,
    of_the_mixin,
    serializer_of,
)


def _times_run(on: Probe, kind: Any, row: Any) -> int:
    """How often the hook of a serializer runs for one object."""
    processed = []

    def counting(self: Any, data: Any, instance: Any) -> Any:
        processed.append(instance)
        return getattr(super(counted, self), HOOK)(data, instance)

    counted: Any = type(f"Counted{kind.__name__}", (kind,), {HOOK: counting})
    assert serializer_of(on, counted).to_representation(row)
    return sum(item is row for item in processed)


@finding("SER-03", cases=EACH)
def the_hook_runs_once(on: Probe, name: str, subject: str) -> None:
    """What a serializer does to a representation is done once for each object."""
    kind = on.name(f"{SERIALIZERS}.{name}")
    if not issubclass(kind, on.name(MIXIN)):
        raise NotApplicable(f"{name} has no such hook: it does not build on ContextPropagationMixin")

    times = _times_run(on, kind, on.row(subject))

    assert times == 1, f"the hook of {name} ran {times} times for one object"


@finding("SER-03")
def no_hook_runs_twice(on: Probe) -> None:
    """No serializer that builds on the mixin does to a representation twice what it does to it, whichever it is."""
    times = {kind.__qualname__: _times_run(on, kind, row) for kind, row in of_the_mixin(on)}

    # One that leaves the showing to another serializer has none of its own to run.
    twice = [name for name, count in times.items() if count > 1]
    assert twice == [], f"the hook runs more than once for one object in {', '.join(twice)}"
    assert any(times.values()), "no hook ran at all"


@contextmanager
def _counted(kind: Any, name: str, what: int) -> Iterator[Counter[tuple[type, Any]]]:
    """How often a method of a class is called inside for each row: its argument of number `what`, by serializer."""
    genuine = getattr(kind, name)
    seen: Counter[tuple[type, Any]] = Counter()

    def counting(self: Any, *arguments: Any, **named: Any) -> Any:
        if len(arguments) > what and getattr(arguments[what], "pk", None):
            seen[type(self), arguments[what]] += 1
        return genuine(self, *arguments, **named)

    with patch.object(kind, name, counting):
        yield seen


@finding("SER-03")
def nested_rows_are_processed_once(on: Probe) -> None:
    """Rows that are shown inside of others, one by one or in lists, are processed once for each time they are shown."""
    mixin = on.name(MIXIN)
    asked = of_the_mixin(on)

    with _counted(mixin, "to_representation", 0) as shown, _counted(mixin, HOOK, 1) as processed:
        for kind, row in asked:
            serializer_of(on, kind).to_representation(row)

    assert len(shown) > len(asked), "no row was shown inside of another one"
    often = {
        f"{kind.__name__} of {row!r}": (count, shown[kind, row])
        for (kind, row), count in processed.items()
        if count > shown[kind, row]
    }
    assert often == {}, f"processed and shown, in times: {often}"
