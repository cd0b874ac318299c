"""Work after a commit: done once the rows stand, and unable to undo them."""

from functools import partial

import pytest
from django.db import transaction

from courses.after_commit import after_commit

pytestmark = pytest.mark.django_db(transaction=True)


def test_work_waits_for_the_commit() -> None:
    """The work is done after the commit, and not at all after a rollback."""
    done: list[str] = []

    with transaction.atomic():
        after_commit(done.append, "committed")
        assert done == []
    with transaction.atomic():
        after_commit(done.append, "taken back")
        transaction.set_rollback(True)

    assert done == ["committed"]


@pytest.mark.parametrize("inside", [True, False])
def test_failing_work_is_logged(inside: bool, caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong, in a nameless callable too, reaches the log and not the caller."""
    if inside:
        with transaction.atomic():
            after_commit(partial(int, "no number"))
    else:
        after_commit(partial(int, "no number"))

    assert "failed after the commit" in caplog.text
