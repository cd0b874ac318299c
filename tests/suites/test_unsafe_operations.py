"""Every operation that writes is asked with sessions and with tokens."""

from __future__ import annotations

from coursegate.contracts.contract import load_contract
from coursegate.suites.regression import views_draft_content_limits, views_user_sessions

# By these one signs in: they look at no credentials but those in the body.
APART = ("token", "user-token", "login", "register")
# Of an enrolment there is nothing to change.
NOTHING_TO_WRITE = {"enrollments.partial_update", "enrollments.update"}


def test_every_unsafe_operation_is_asked() -> None:
    """VIEW-03 and SEC-03 divide the operations that write among them; none is left out, none asked twice."""
    operations = load_contract().api.operations.values()
    unsafe = {
        operation.id
        for operation in operations
        if operation.method not in {"GET", "HEAD", "OPTIONS"} and operation.id.partition(".")[0] not in APART
    }

    draft, others = (
        set(views_draft_content_limits.UNSAFE),
        {*views_user_sessions.UNSAFE, *views_user_sessions.OPEN},
    )

    assert draft | others == unsafe - NOTHING_TO_WRITE
    assert draft & others == set()
