"""What a team says that its backend does not offer is believed where the backend answers so."""

from __future__ import annotations

import pytest

from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.unsupported import Declaration

ABSENT = {"owner": 404, "staff": 405, "guest": 404}


def _declared(statuses: dict[str, int], *, optional: bool) -> Declaration:
    seen = [
        Exchange(Request("POST", "/api/tasks/", who), Answer(status, {}, b""))
        for who, status in statuses.items()
    ]
    return Declaration("tasks.import_export", "sold elsewhere", tuple(seen), optional)


@pytest.mark.parametrize("optional", [False, True])
def test_what_nobody_is_offered_is_absent(optional: bool) -> None:
    """Where nobody meets the operation it is not offered, whether or not a backend may lack it."""
    declared = _declared(ABSENT, optional=optional)

    assert declared.holds
    assert declared.told == "not offered, its team says: sold elsewhere"


@pytest.mark.parametrize(
    ("statuses", "holds"),
    [
        ({"owner": 403, "staff": 200, "guest": 401}, True),
        ({"owner": 403, "staff": 200, "guest": 200}, False),
        ({"owner": 202, "staff": 202, "guest": 401}, False),
        ({"owner": 500, "staff": 200, "guest": 401}, False),
        ({"staff": 200, "guest": 401}, False),
        ({}, False),
    ],
)
def test_something_else_may_stand_there_for_staff(statuses: dict[str, int], holds: bool) -> None:
    """Where staff are answered, and nobody else, an optional operation is another one; one that is promised is there."""
    declared = _declared(statuses, optional=True)

    assert declared.holds is holds
    assert not _declared(statuses, optional=False).holds
    assert not holds or declared.told.startswith("offered otherwise than the contract says")
