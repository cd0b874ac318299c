"""`courses/apps.py`: what happens when the backend starts, and what it then says of itself."""

from __future__ import annotations

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.starting import started

COMMANDS = ("runserver", "test", "migrate", "makemigrations", "check")


DEBUG = {"debug-on": {"start": "debug-on"}, "debug-off": {"start": "debug-off"}}


@finding("APP-01", needs="source", cases=DEBUG)
def the_app_starts_ready(on: Probe, start: str) -> None:
    """With DEBUG on or off the app is ready after the start, and has no error to tell."""
    told = started(on, start)

    assert told["status"] == "ready"
    assert told["errors"] == []


@finding("APP-01", needs="source", cases=DEBUG)
def the_steps_of_the_start_can_be_repeated(on: Probe, start: str) -> None:
    """The three methods that watch the process exist, and can be called twice more."""
    told = started(on, start)

    assert told["steps"] == {}, f"what they raised: {told['steps']}"
    assert told["status_after_steps"] == "ready"


@finding("APP-01", needs="source", cases=DEBUG)
def health_and_performance_are_told_as_dictionaries(on: Probe, start: str) -> None:
    """`get_health_status` and `get_performance_metrics` return dictionaries; what is in them is the team's choice."""
    told = started(on, start)

    assert told["dictionaries"] == {"get_health_status": "dict", "get_performance_metrics": "dict"}


@finding("APP-02", needs="source")
def no_update_of_a_component_is_lost(on: Probe) -> None:
    """What one thread reports while another does, each about components of its own, is all there afterwards."""
    told = started(on, "threads")
    if not told["reporter"]:
        raise NotApplicable("CoursesConfig has no public method that takes a component and how it does")

    assert told["raised"] == [], f"reporting or reading at the same time raised {told['raised']}"
    assert told["reported"] > 3, "nothing was reported at the same time"
    assert told["lost"] == 0, f"{told['lost']} of {told['reported']} updates are lost"


@finding("APP-02", needs="source")
def what_was_read_stays_as_it_was(on: Probe) -> None:
    """A health status that was read is of one moment: later updates do not change it."""
    told = started(on, "threads")
    if not told["reporter"]:
        raise NotApplicable("CoursesConfig has no public method that takes a component and how it does")

    assert told["snapshot_kept"]


@finding("APP-02", needs="source")
def asking_the_components_undoes_no_update(on: Probe) -> None:
    """While the application asks its components how they are, what is reported of others stays the last word on them."""
    told = started(on, "threads")
    if not told["reporter"] or not told["checks"]:
        raise NotApplicable(
            "CoursesConfig has no public methods that report of a component, and ask them all"
        )

    undone = {name: count for name, count in told["checks"].items() if count}
    assert undone == {}, f"updates that a check has undone: {undone}"


@finding("APP-03", needs="source", cases={name: {"command": name} for name in COMMANDS})
def starting_asks_the_database_nothing(on: Probe, command: str) -> None:
    """Setting Django up sends no statement to the database, whatever it is started for, and nobody warns of one."""
    told = started(on, command)

    assert told["statements"] == []
    assert told["warnings"] == []


@finding("APP-03", needs="source")
def the_app_starts_without_a_database(on: Probe) -> None:
    """A backend whose database cannot be reached starts all the same."""
    told = started(on, "unreachable")

    assert told["status"], "it started, and says nothing of how it is"


@finding("APP-03", needs="http")
def health_is_told_on_demand(on: Probe) -> None:
    """Whoever asks the health operation is told how the backend is."""
    answer = on.send("health.retrieve")

    assert answer.status == 200
    assert isinstance(answer.json, dict)
    assert answer.json, "an empty answer tells nobody anything"
