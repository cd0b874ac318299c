"""`courses/views/user.py`, and every other view that writes: sessions need their CSRF token, tokens need no cookie."""

from __future__ import annotations

from coursegate.contracts.world import GUEST
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk
from coursegate.harness.observation import Request
from coursegate.harness.probing.forgery import judged_by
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

# Every unsafe operation but those on content in the making, which are VIEW-03's, and those to which one signs in. Of an
# enrolment there is nothing that PATCH and PUT could change: whether they are there at all is open.
UNSAFE = (
    *(
        f"courses.{verb}"
        for verb in ("create", "update", "partial_update", "destroy", "publish", "unpublish", "clone")
    ),
    *("courses.enroll", "course-enrollment.create", "course-publishing.update", "course-clone.create"),
    *(f"enrollments.{verb}" for verb in ("create", "destroy", "unenroll")),
    *(
        f"{rows}.{verb}"
        for rows in ("progress", "notes", "reviews")
        for verb in ("create", "update", "destroy")
    ),
    *(f"{rows}.partial_update" for rows in ("progress", "notes", "reviews")),
    *(f"instructor-modules.{verb}" for verb in ("create", "update", "partial_update", "destroy")),
    *("profile.update", "profile.partial_update", "logout.create"),
    *(f"subscription.{verb}" for verb in ("cancel", "downgrade", "update", "partial_update")),
)
# Whether anybody may do it at all is open, or takes more than asking; that a session alone, or nothing, gets as far as
# that is not.
OPEN = ("subscription.create", "subscription.destroy", "subscription.upgrade", "tasks.import_export")
CASES = {name: {"operation": name} for name in (*UNSAFE, *OPEN)}


@finding("SEC-03", kind=Kind.EFFECT, writes=True, cases=CASES)
def a_session_needs_its_token(on: Probe, operation: str) -> None:
    """Nothing is written with a session alone; with its CSRF token it is, if with sessions at all."""
    forged = ("token-in-cookies", "forged-session")
    for how in forged if _is_open(on, operation) else (*forged, "session"):
        assert not (wrong := judged_by(how, on, _request(on, operation))), wrong


@finding("SEC-03", needs="http", kind=Kind.EFFECT, writes=True, cases=CASES)
def a_token_needs_no_cookie(on: Probe, operation: str) -> None:
    """A client that sends a token, and no cookie, writes; one that sends nothing does not."""
    for how in ("nothing",) if _is_open(on, operation) else ("token", "nothing"):
        assert not (wrong := judged_by(how, on, _request(on, operation))), wrong


@finding("SEC-03", writes=True)
def a_token_counts_beside_a_session(on: Probe) -> None:
    """A client that sends a token writes, also where its browser has a session open besides, as that of the admin pages."""
    wrong = judged_by("token-beside-session", on, on.sample("notes.create"))
    assert not wrong, wrong


ORIGINS = {"elsewhere": "https://elsewhere.example", "nowhere": "null"}
# What a page of another site would like to read with the cookies of whoever looks at it.
READ = ("profile.retrieve", "draft-courses.list", "notes.list", "courses.list")


@finding(
    "SEC-03",
    needs="http",
    kind=Kind.LEAK,
    cases={name: {"origin": origin} for name, origin in ORIGINS.items()},
)
def another_site_reads_nothing_with_cookies(on: Probe, origin: str) -> None:
    """No other site, and no page without an origin, is let read answers that were asked for with cookies (Fetch, CORS)."""
    wish = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    let: list[str] = []
    answered = 0
    for operation in READ:
        said = on.contract.api.operations[operation]
        for method, headers in ((said.method, {"Origin": origin}), ("OPTIONS", wish)):
            answer = on.ask(method, said.path, by="owner", headers=headers)
            answered += answer.status == 200
            is_let = answer.header("Access-Control-Allow-Origin") == origin
            if is_let and answer.header("Access-Control-Allow-Credentials").lower() == "true":
                let.append(f"{method} {said.path}")
            else:
                on.disregard()  # the answer itself is judged elsewhere
    if not answered:
        raise CannotAsk("none of what a page could read is answered")

    assert let == [], f"{origin} may read, with cookies, {', '.join(let)}"


def _is_open(on: Probe, operation: str) -> bool:
    """Whether the table, or what a team has decided, lets nobody do it for certain."""
    return operation in OPEN or not samples(on.contract)[operation].allows


def _request(on: Probe, operation: str) -> Request:
    """A request of the access table by somebody who is signed in: the one that shows best that it is answered at all."""
    cells = on.contract.access.cells.values()
    signed_in = next(cell for cell in cells if cell.operation == operation and cell.principal != GUEST)
    sample = samples(on.contract)[operation]
    return on.client.request(signed_in if sample.principal == GUEST else sample)
