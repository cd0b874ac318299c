"""`courses/views/draft_content.py`: how often its operations may be asked, and with which credentials."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Exchange
from coursegate.harness.probing.forgery import LOGIN, judged_by
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.probing.sessions import open_session
from coursegate.harness.probing.throttling import complaint, scopes_of, spend
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

SCOPE = "sensitive_api"
VIEWSETS = ("DraftCourseViewSet", "DraftModuleViewSet", "DraftLessonViewSet", "DraftCourseContentViewSet")
VIEWS = ("ResourceManagementView", "CoursePreviewView", "CourseVersionControlView")
STANDARD = ("list", "create", "retrieve", "update", "partial_update", "destroy")
ROWS = [f"{area}.{verb}" for area in ("draft-courses", "draft-modules", "draft-lessons") for verb in STANDARD]
READS = ["course-preview.retrieve", "course-version-control.retrieve"]
OPERATIONS = [
    *ROWS,
    *(f"draft-content.{verb}" for verb in (*STANDARD, "reorder", "bulk_update")),
    "resources.create",
    "resources.destroy",
    *READS,
]
UNSAFE = [name for name in OPERATIONS if name not in READS and not name.endswith((".list", ".retrieve"))]


@finding("VIEW-02", writes=True, cases={name: {"operation": name} for name in OPERATIONS})
def it_is_limited(on: Probe, operation: str) -> None:
    """Every operation on content in the making refuses the request beyond the sensitive rate, and says until when."""
    answers = spend(on, on.sample(operation), SCOPE, allowed=1)
    check_routed(operation, answers[0])

    assert not complaint(answers), f"{complaint(answers)} (rate of {SCOPE} lowered to 1/min)"


@finding("VIEW-02")
def nobody_is_beyond_the_limit(on: Probe) -> None:
    """Staff meet the sensitive limit like instructors do."""
    cell = on.contract.access.cells["draft-content.list/lessons/staff"]
    answers = spend(on, on.client.request(cell), SCOPE, allowed=1)
    if answers[0].status in LOGIN | {404}:
        raise NotApplicable(f"staff do not list content in the making: {answers[0].summary}")

    assert not complaint(answers), f"{complaint(answers)} (rate of {SCOPE} lowered to 1/min)"


@finding("VIEW-02", cases={name: {"name": name} for name in (*VIEWSETS, *VIEWS)})
def its_views_have_the_sensitive_limit(on: Probe, name: str) -> None:
    """Each view of content in the making, routed or not, puts each of its actions to a limit of scope sensitive_api."""
    view_class = on.name(f"courses.views.draft_content.{name}")

    unlimited = [action for action, view in _actions(view_class) if SCOPE not in scopes_of(view)]

    assert unlimited == [], f"{name} has no limit of scope {SCOPE} on {', '.join(unlimited)}"


def _actions(view_class: Any) -> list[tuple[str, Any]]:
    """Each action of a view with an instance made for it, as a route would make it."""
    if not hasattr(view_class, "get_extra_actions"):
        return [("any method", view_class())]
    found = [(name, view_class()) for name in STANDARD if hasattr(view_class, name)]
    for action in view_class.get_extra_actions():
        known = {key: value for key, value in action.kwargs.items() if hasattr(view_class, key)}
        found.append((action.__name__, view_class(**known)))
    for name, view in found:
        view.action = name
    return found


@finding(
    "VIEW-03",
    kind=Kind.EFFECT,
    writes=True,
    cases={name: {"operation": name} for name in UNSAFE},
)
def a_session_needs_its_token(on: Probe, operation: str) -> None:
    """Content in the making is never written with a session alone; with its CSRF token it is, if with sessions at all."""
    for how in ("token-in-cookies", "forged-session", "session"):
        assert not (wrong := judged_by(how, on, on.sample(operation))), wrong


@finding(
    "VIEW-03",
    needs="http",
    kind=Kind.EFFECT,
    writes=True,
    cases={name: {"operation": name} for name in UNSAFE},
)
def a_token_needs_no_cookie(on: Probe, operation: str) -> None:
    """A client that sends a token, and no cookie, writes content in the making; one that sends nothing does not."""
    for how in ("token", "nothing"):
        assert not (wrong := judged_by(how, on, on.sample(operation))), wrong


@finding("VIEW-03", writes=True)
def a_token_counts_beside_a_session(on: Probe) -> None:
    """A client that sends a token writes content in the making, also where its browser has a session open besides."""
    wrong = judged_by("token-beside-session", on, on.sample("draft-courses.partial_update"))
    assert not wrong, wrong


@finding("VIEW-03", kind=Kind.EFFECT, writes=True)
def a_session_ends_with_its_account(on: Probe) -> None:
    """The session of an account that is deactivated writes no content in the making from then on (policy 10)."""
    request = on.sample("draft-courses.partial_update")
    user = on.row(request.principal)
    own = replace(request, headers=open_session(user).own)
    with on.target.undone():
        answer = on.target.send(own)
    if answer.status not in range(200, 300):
        raise NotApplicable(f"content in the making is not written with sessions: {answer.summary}")

    on.target.change(user._meta.label, user.pk, {"is_active": False})
    answer = on.target.send(own)

    on.exchanges.append(Exchange(own, answer))
    assert answer.status in LOGIN, f"it is answered {answer.summary}"
