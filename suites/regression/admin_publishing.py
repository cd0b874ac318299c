"""`courses/admin.py`: a course that is published there is published as by the API."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.admin_pages import Page, pages_about
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.admin import bulk, client_of_staff, other_actions
from coursegate.suites.regression.finding import finding

DRAFT = "course-draft"
# What says of a course where it stands.
STATE = ("is_published", "is_draft", "completion_status")


@finding("CONST-02", "ADM-01", writes=True, kind=Kind.EFFECT)
def an_action_publishes_as_the_api_does(on: Probe) -> None:
    """A draft that staff publish by an action of the admin pages is in the state in which the API publishes it."""
    with on.target.undone():
        answer = on.send("courses.publish", DRAFT, by="owner", body={})
        by_api = _state(on)
    if not by_api["is_published"]:
        raise CannotAsk(f"the API does not publish {DRAFT}: {answer.summary}")

    boss = client_of_staff(on, superuser=True)
    boss.raise_request_exception = False  # that an action breaks is another finding
    states = {name: state for page in pages_about(on.row(DRAFT)) for name, state in _done(on, page, boss)}
    publishing = {name: state for name, state in states.items() if state["is_published"]}
    if not publishing:
        raise NotApplicable(
            f"no action of an admin page publishes a draft: there is {', '.join(states) or 'none'}"
        )

    assert publishing == dict.fromkeys(publishing, by_api)


def _state(on: Probe) -> dict[str, Any]:
    row = on.row(DRAFT)
    return {name: getattr(row, name) for name in STATE}


def _done(on: Probe, page: Page, boss: Any) -> list[tuple[str, dict[str, Any]]]:
    """What each action of a page but deletion makes of the draft; each is undone."""
    done = []
    for name in sorted(other_actions(on, page)):
        with on.target.undone():
            boss.post(page.path("changelist"), bulk([on.key(DRAFT)], action=name))
            done.append((name, _state(on)))
    return done
