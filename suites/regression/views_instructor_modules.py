"""`courses/views/instructor.py`: publishing opens nothing that its team keeps closed, nor closes what nobody asked for."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

COURSE, CLOSED, SHOWN = "course-open", "module-unpublished", "module-open"
Step = tuple[str, dict[str, Any]]
STEPS: dict[str, tuple[Step, Step]] = {
    "action": (("courses.unpublish", {}), ("courses.publish", {})),
    "view": (
        ("course-publishing.update", {"publish": False}),
        ("course-publishing.update", {"publish": True}),
    ),
}


@finding("policy 3", "GUARD-04", commits=True, kind=Kind.LEAK, cases={name: {"name": name} for name in STEPS})
def publishing_leaves_modules_as_they_are(on: Probe, name: str) -> None:
    """A course that is withdrawn and published again shows the modules that it showed before, and no other."""
    for operation, body in STEPS[name]:
        answer = on.send(operation, COURSE, by="owner", body=body)
        if answer.status not in {200, 204}:
            raise NotApplicable(f"{operation} does not do it: {answer.summary}")
    on.target.clear_caches()

    shown = on.send("courses.retrieve", COURSE).text

    titles = {item: on.world.planted[item]["title"] for item in (SHOWN, CLOSED)}
    assert titles[SHOWN] in shown, "no module is shown any more"
    assert titles[CLOSED] not in shown, f"{CLOSED} is shown to guests"


@finding(
    "VIEW-12",
    writes=True,
    kind=Kind.EFFECT,
    cases={
        "empty": {"body": {}},
        "misspelt": {"body": {"published": True}},
        "unclear": {"body": {"publish": "perhaps"}},
    },
)
def a_switch_that_is_not_turned_stays(on: Probe, body: dict[str, Any]) -> None:
    """A request that does not say whether a course is to be published leaves a published one on the shelf."""
    answer = on.send("course-publishing.update", COURSE, by="owner", body=body)
    check_routed("course-publishing.update", answer)

    assert on.row(COURSE).is_published, f"it is withdrawn; the answer is {answer.summary}"
