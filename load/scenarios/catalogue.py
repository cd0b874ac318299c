"""All scenarios, by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from coursegate.load.scenarios.browsing import GUEST_BROWSING
from coursegate.load.scenarios.editing import INSTRUCTOR_EDITING
from coursegate.load.scenarios.enrolling import ENROLLING
from coursegate.load.scenarios.learning import REGISTERED_LEARNING
from coursegate.load.scenarios.publishing import INSTRUCTOR_PUBLISHING
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.scenarios.searching import SEARCH
from coursegate.load.scenarios.signing_in import SIGNING_IN
from coursegate.load.scenarios.throttle_probe import THROTTLE_PROBE
from coursegate.load.scenarios.verifying import CERTIFICATE_VERIFICATION
from coursegate.load.scenarios.watching import PREMIUM_WATCHING

SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        GUEST_BROWSING,
        REGISTERED_LEARNING,
        PREMIUM_WATCHING,
        ENROLLING,
        INSTRUCTOR_EDITING,
        INSTRUCTOR_PUBLISHING,
        CERTIFICATE_VERIFICATION,
        SEARCH,
        SIGNING_IN,
        THROTTLE_PROBE,
    )
}

# Come once, beside what arrives at a rate: no part of how much was to arrive.
ONCE = frozenset(name for name, scenario in SCENARIOS.items() if scenario.once)


def chosen(names: Collection[str] = ()) -> list[Scenario]:
    """The scenarios of these names; all where none is named."""
    return [scenario for name, scenario in SCENARIOS.items() if not names or name in names]


def arriving(names: Collection[str] = ()) -> list[Scenario]:
    """Those of them whose journeys arrive at a rate."""
    return [scenario for scenario in chosen(names) if not scenario.once]


# Several sources of one scenario, each with its own random moments, spread its arrivals more evenly.
SOURCES_PER_WEIGHT = 2


def sources(names: Collection[str] = ()) -> int:
    """How many sources of arrivals a run has: as many for each scenario as its weight says."""
    return SOURCES_PER_WEIGHT * sum(scenario.weight for scenario in arriving(names))
