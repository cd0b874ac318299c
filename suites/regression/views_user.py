"""`courses/views/user.py`: enrolling, leaving, and what becomes of the certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable, key_of, rows_of
from coursegate.harness.observation import Answer
from coursegate.harness.probing.breaking import failing_statement
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

UNENROLL, VERIFY = "enrollments.unenroll", "certificates.verify"
# Who ends it -> an enrolment that has a valid certificate; one learner no longer pays, and staff may do it for one.
LEAVING = {
    "registered": {
        "by": "registered",
        "enrollment": "enrollment-completed",
        "certificate": "certificate-registered",
    },
    "lapsed": {
        "by": "lapsed",
        "enrollment": "enrollment-completed-lapsed",
        "certificate": "certificate-lapsed",
    },
    "staff": {
        "by": "staff",
        "enrollment": "enrollment-completed",
        "certificate": "certificate-registered",
    },
}


def _is_valid(on: Probe, certificate: str) -> Any:
    answer = on.send(VERIFY, certificate)
    assert answer.status == 200, f"{certificate} is answered {answer.summary}"
    return answer.json["is_valid"]


def _end(on: Probe, by: str, enrollment: str) -> Answer:
    """The answer to who ends an enrolment; a backend may keep that to learners (NotApplicable)."""
    left = on.send(UNENROLL, enrollment, by=by, body={})
    if by == "staff" and left.status in {403, 404}:
        raise NotApplicable("staff end no enrolment of others")
    assert left.status == 200
    return left


@finding("VIEW-14", needs="http", kind=Kind.EFFECT, commits=True, cases=LEAVING)
def leaving_revokes_the_certificate(on: Probe, by: str, enrollment: str, certificate: str) -> None:
    """Whose enrolment ends loses its certificate at once, also where it was verified just before; others keep theirs."""
    assert [_is_valid(on, certificate) for _ in range(2)] == [True, True]

    left = _end(on, by, enrollment)

    assert left.json["detail"]
    answer = on.send(VERIFY, certificate)
    assert answer.json["is_valid"] is False, "it is still verified as valid"
    assert answer.json["revocation_date"]
    assert answer.json["revocation_reason"]
    assert _is_valid(on, "certificate-bystander") is True


# How else somebody may type a number; a backend may know it then, or not.
SPELLINGS: dict[str, Any] = {
    "as-printed": {"spelt": str},
    "small-letters": {"spelt": str.lower},
    "capitals": {"spelt": str.upper},
    "space-behind": {"spelt": "{} ".format},
    "space-before": {"spelt": " {}".format},
}


@finding("VIEW-14", needs="http", kind=Kind.EFFECT, commits=True, cases=SPELLINGS)
def leaving_revokes_each_spelling(on: Probe, spelt: Callable[[str], str]) -> None:
    """However the number of a certificate was spelt when it was verified, it is valid under no spelling once revoked."""
    printed = on.named("certificate-registered", "certificate_number")
    before = [on.send(VERIFY, number) for number in (spelt(printed), printed, spelt(printed))]
    assert before[1].status == 200, f"{printed} is answered {before[1].summary}"
    assert before[1].json["is_valid"] is True

    _end(on, "registered", "enrollment-completed")

    for number in (spelt(printed), printed):
        answer = on.send(VERIFY, number)
        assert answer.status >= 400 or answer.json["is_valid"] is False, (
            f"{number!r} is still verified as valid"
        )


@finding("VIEW-14", kind=Kind.EFFECT, writes=True, cases=LEAVING)
def every_certificate_of_the_enrolment_is_revoked(
    on: Probe, by: str, enrollment: str, certificate: str
) -> None:
    """After leaving, no certificate of the enrolment is valid; each says since when, and why not."""
    rows = on.rows("courses.Certificate").filter(enrollment=on.key(enrollment))
    assert [row.is_valid for row in rows] == [True], f"{certificate} is not the one valid certificate"

    _end(on, by, enrollment)

    for row in rows.all():
        assert row.is_valid is False
        assert row.revocation_date
        assert row.revocation_reason


@finding("VIEW-14", needs="http", kind=Kind.EFFECT, writes=True)
def who_has_left_learns_no_more(on: Probe) -> None:
    """Progress in an enrolment that has ended is answered like a missing one, and is not written (policy 8)."""
    change = {"time_spent": 999}
    assert (
        on.send("progress.partial_update", "progress-registered", by="registered", body=change).status == 200
    )
    assert on.send(UNENROLL, "enrollment-registered", by="registered", body={}).status == 200

    answer = on.send("progress.partial_update", "progress-registered", by="registered", body=change)

    assert answer.status == 404


def _standing(on: Probe) -> tuple[bool, bool]:
    """Whether the learner has left, and whether the certificate is revoked."""
    enrollment = on.target.row("courses.Enrollment", on.key("enrollment-completed")) or {}
    certificate = on.target.row("courses.Certificate", on.key("certificate-registered")) or {}
    return enrollment["status"] != "completed", not certificate["is_valid"]


def _left(on: Probe, failing: int) -> tuple[bool, tuple[bool, bool], list[str]]:
    """What leaving is answered and what comes of it where that write fails, and the writes that were sent; with 0 none does."""
    from django.db import OperationalError

    tables = [on.model(f"courses.{name}")._meta.db_table for name in ("Enrollment", "Certificate")]
    writes = tuple(f'UPDATE "{table}"' for table in tables)
    problem = OperationalError("the database went away")
    with on.target.undone():
        with failing_statement(failing, lambda sql: sql.startswith(writes), problem) as sent:
            answer = on.send(UNENROLL, "enrollment-completed", by="registered", body={})
        return answer.status == 200, _standing(on), list(sent)


@finding("VIEW-14", kind=Kind.EFFECT, writes=True)
def leaving_is_done_as_a_whole(on: Probe) -> None:
    """Whichever write fails of the enrolment's and the certificate's, both are done or none, and the answer says which."""
    on.client.sign_in("registered")
    done, standing, sent = _left(on, 0)
    assert (done, standing) == (True, (True, True)), "leaving does not revoke the certificate"
    assert len(sent) > 1, "the enrolment and its certificate are not written"

    torn = []
    for number, statement in enumerate(sent, start=1):
        done, standing, _ = _left(on, number)
        if standing != (done, done):
            refused = statement.partition(" SET ")[0]
            torn.append(f"without {refused}: left {standing[0]}, revoked {standing[1]}, told {done}")

    assert torn == [], "; ".join(torn)


@finding("VIEW-14", needs="http", kind=Kind.EFFECT, commits=True)
def deleting_an_enrolment_is_leaving(on: Probe) -> None:
    """An enrolment cannot be deleted, or that revokes its certificate as leaving does; never does its row go."""
    answer = on.send("enrollments.destroy", "enrollment-completed", by="registered")

    kept = on.send(VERIFY, "certificate-registered")
    assert kept.status == 200, "the certificate went with the enrolment"
    assert kept.json["is_valid"] is (answer.status >= 400)


NEW = "course-long"
ENROLLING = {
    "enrollments.create": {"operation": "enrollments.create"},
    "courses.enroll": {"operation": "courses.enroll"},
    "course-enrollment.create": {"operation": "course-enrollment.create"},
}


def _enrol(on: Probe, operation: str, course: str = NEW, by: str = "premium") -> Any:
    if operation == "enrollments.create":
        return on.send(operation, by=by, body={"course_id": on.key(course)})
    return on.send(operation, course, by=by, body={})


def _enrolments(on: Probe, course: str, by: str) -> list[Any]:
    rows = rows_of(on.send("enrollments.list", by=by))
    if rows is None:
        raise CannotAsk("the list of enrolments has no rows")
    return [row for row in rows if key_of(row["course"]) == on.key(course)]


def _active(on: Probe, course: str = NEW) -> list[Any]:
    return [row for row in _enrolments(on, course, "premium") if row["status"] == "active"]


@finding("VIEW-16", needs="http", kind=Kind.EFFECT, writes=True, cases=ENROLLING)
def enrolling_twice_is_enrolling_once(on: Probe, operation: str) -> None:
    """Of two enrolments in one course the second is refused, and the learner is enrolled once."""
    assert _active(on) == []

    first, second = _enrol(on, operation), _enrol(on, operation)

    assert first.status in ({201} if operation == "enrollments.create" else {200, 201}), f"{first.summary}"
    assert second.status in {400, 409}, f"the second is answered {second.summary}"
    assert len(_active(on)) == 1


@finding("VIEW-16", needs="http", kind=Kind.EFFECT, writes=True, cases=ENROLLING)
def who_has_left_may_come_back(on: Probe, operation: str) -> None:
    """Whoever left a published course enrols in it again as anybody does, and is then in it once (policy 8)."""
    on.key("enrollment-unenrolled")
    assert _active(on, "course-peer") == []

    answer = _enrol(on, operation, "course-peer")

    assert answer.status in ({201} if operation == "enrollments.create" else {200, 201}), (
        f"the answer is {answer.summary}"
    )
    assert len(_active(on, "course-peer")) == 1


@finding("VIEW-16", needs="http", kind=Kind.EFFECT, writes=True, cases=ENROLLING)
def who_has_finished_is_still_enrolled(on: Probe, operation: str) -> None:
    """Whoever completed a course and enrols again is refused, or shown the enrolment that there is: there is no other one."""
    course, by = "course-peer", "registered"
    before = [row["id"] for row in _enrolments(on, course, by)]
    assert on.key("enrollment-completed") in before

    answer = _enrol(on, operation, course, by)

    assert answer.status in {200, 400, 409}, f"the answer is {answer.summary}"
    assert [row["id"] for row in _enrolments(on, course, by)] == before


@finding("VIEW-16", needs="http", writes=True)
def enrolling_shows_the_enrolment(on: Probe) -> None:
    """Who enrols is answered 201 with the enrolment: its id, its state, and its course with all that is shown of it later."""
    answer = _enrol(on, "enrollments.create")

    assert answer.status == 201
    later = on.send("enrollments.retrieve", str(answer.json["id"]), by="premium").json["course"]
    assert isinstance(answer.json["course"], type(later))
    assert not isinstance(later, dict) or later.keys() <= answer.json["course"].keys()
    assert set(on.contract.compat.response_keys["enrollments.retrieve"]) <= set(answer.json)
    assert answer.json["status"] == "active"
    assert [row["id"] for row in _active(on)] == [answer.json["id"]]


@finding("VIEW-16", kind=Kind.EFFECT, writes=True)
def no_second_row_gets_past_the_views(on: Probe) -> None:
    """Through whichever of the three operations, a learner who is enrolled is not enrolled again by another one."""
    _enrol(on, "courses.enroll")

    for operation in ENROLLING:
        assert _enrol(on, operation).status in {400, 409}

    rows = on.rows("courses.Enrollment").filter(user=on.key("premium"), course=on.key(NEW))
    assert [row.status for row in rows] == ["active"]
