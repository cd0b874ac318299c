"""`courses/views/user.py`, and every other view that writes: sessions need their CSRF token, tokens need no cookie."""

from __future__ import annotations

from coursegate.harness.probing.forgery import judged_by
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

# Every unsafe operation of the app but those on content in the making, which are VIEW-03's. Of an enrolment there is
# nothing that PATCH and PUT could change: whether they are there at all is open.
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
    "tasks.import_export",
)
CASES = {name: {"operation": name} for name in UNSAFE}


@finding("SEC-03", kind=Kind.EFFECT, writes=True, cases=CASES)
def a_session_needs_its_token(on: Probe, operation: str) -> None:
    """Nothing is written with a session alone; with its CSRF token it is, if with sessions at all."""
    for how in ("forged-session", "session"):
        assert not (wrong := judged_by(how, on, on.sample(operation))), wrong


@finding("SEC-03", needs="http", kind=Kind.EFFECT, writes=True, cases=CASES)
def a_token_needs_no_cookie(on: Probe, operation: str) -> None:
    """A client that sends a token, and no cookie, writes; one that sends nothing does not."""
    for how in ("token", "nothing"):
        assert not (wrong := judged_by(how, on, on.sample(operation))), wrong
