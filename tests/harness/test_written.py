"""What a write must leave behind: each outcome accepts the right answer and refuses the wrong ones next to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.judging.evidence import Evidence
from coursegate.harness.judging.written import created, done
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, evidence_of, kinds_of, whole


def test_ignored_stores_nothing(contract: Contract, world: World) -> None:
    """A change that must be ignored may succeed, but leaves every column but its own time stamp as it was."""
    cell = "enrollments.partial_update/enrollment-registered/registered"
    before = {"status": "active", "updated_date": 1}

    def kinds(**after: Any) -> list[Kind]:
        return kinds_of(contract, world, cell, answer(200, {}), before=before, after=before | after)

    assert kinds(updated_date=2) == []
    assert kinds(status="completed") == [Kind.EFFECT]


def test_created_is_in_the_promised_state(contract: Contract, world: World) -> None:
    """A new course is one row, holds what was sent, and is a draft whatever the body said."""
    cell = "courses.create/nothing/owner"
    draft = {"title": "zq-new", "is_published": False}

    def kinds(*added: dict[str, Any]) -> list[Kind]:
        return kinds_of(contract, world, cell, answer(201, {}), added=added, write_token="zq-new")

    assert kinds(draft) == []
    assert kinds(draft | {"is_published": True}) == [Kind.EFFECT]
    assert kinds(draft | {"title": "another"}) == [Kind.EFFECT]
    assert kinds(draft, draft) == [Kind.EFFECT]
    assert kinds() == [Kind.EFFECT]


def test_refusal_of_somebody_let_in_is_repeated(contract: Contract, world: World) -> None:
    """What a refusal says stands in the reason without the values sent in secret, its fields alone in the cause."""
    body = {"email": "a@b.test", "password": "s3cret"}
    refused = answer(400, {"password": ["s3cret is too short"], "terms": [{"code": "wanted"}]})
    request = Request("POST", "/", "guest", body=body, secrets=("s3cret",))
    cell = contract.access.cells["register.create/nothing/guest"]
    operation = contract.api.operations[cell.operation]
    evidence = Evidence(cell, operation, world, "", [Exchange(request, refused)])

    (problem,) = created(evidence)

    assert problem.text.startswith(
        "expected 201, saw 400 (password: [redacted] is too short; terms: wanted); where your backend wants terms"
    )
    assert problem.cause.endswith("expected 201, saw 400 for password, terms")
    (plain,) = created(replace(evidence, pages=[Exchange(request, answer(500, {"detail": "no"}))]))
    assert plain.text == "expected 201, saw 500"
    (unnamed,) = created(replace(evidence, pages=[Exchange(request, answer(403, {"detail": "no"}))]))
    assert unnamed.text == "expected 201, saw 403 (detail: no)"


def test_done_means_stored(contract: Contract, world: World) -> None:
    """A change that is done is in the row, and nothing else changed with it."""
    cell = "courses.partial_update/course-open/owner"
    before = {"subtitle": "old", "avg_rating": 1, "updated_date": 1}
    course = {"id": 1, "title": "title", "slug": "slug"}
    done = {"before": before, "write_token": "zq-new"}

    def kinds(**after: Any) -> list[Kind]:
        return kinds_of(contract, world, cell, answer(200, course), after=before | after, **done)

    assert kinds(subtitle="now zq-new", updated_date=2) == []
    assert kinds() == [Kind.EFFECT]
    assert kinds(subtitle="now zq-new", avg_rating=5) == [Kind.EFFECT]


def test_columns_of_the_backends_own_may_change(contract: Contract, world: World) -> None:
    """What a backend keeps of its own changes as it likes, unless a request names it; what the platform has does not."""
    cell = "reviews.partial_update/review-registered/registered"
    before = {"title": "old", "revision": 1, "is_featured": False}

    def kinds(body: dict[str, Any], **after: Any) -> list[Kind]:
        sent = Exchange(Request("PATCH", "/", "registered", body=body), answer(200, {"id": 1}))
        evidence = replace(
            evidence_of(contract, world, cell, answer(200, {"id": 1}), before=before, write_token="zq-new"),
            pages=[sent],
            after=before | {"title": "now zq-new"} | after,
        )
        return [problem.kind for problem in done(evidence) if problem.kind is Kind.EFFECT]

    assert kinds({"title": "now zq-new"}, revision=2) == []
    assert kinds({"title": "now zq-new", "revision": 7}, revision=7) == [Kind.EFFECT]
    assert kinds({"title": "now zq-new"}, is_featured=True) == [Kind.EFFECT]


def test_what_may_not_be_written_is_seen_over_http(contract: Contract, world: World) -> None:
    """Where rows cannot be seen, a key that was named and may not be written is told by the subject, read again."""
    cell = "profile.partial_update/self-with-read-only/registered"
    before = {"role": "student", "first_name": "old", "full_name": "old name"}
    body = {"first_name": "new", "role": "admin"}
    pages = [Exchange(Request("PATCH", "/", "registered", body=body), answer(200, {"id": 1}))]

    def kinds(**after: Any) -> list[Kind]:
        promised = contract.access.cells[cell]
        evidence = Evidence(
            promised,
            contract.api.operations[promised.operation],
            world,
            "",
            pages,
            before=before,
            after=before | after,
            sees_rows=False,
        )
        return [problem.kind for problem in done(evidence) if problem.kind is Kind.EFFECT]

    assert kinds(first_name="new", full_name="new name") == []
    assert kinds(first_name="new", role="admin") == [Kind.EFFECT]


def test_reading_writes_nothing_but_counters(contract: Contract, world: World) -> None:
    """A read may count its visitors, and note them where the backend likes; else it is told with table and column."""
    cell = "lessons.retrieve/lesson-premium/premium"
    read = answer(200, whole(world, "lesson-premium"))

    counted = replace(read, writes=frozenset({"courses.Course.view_count"}))
    assert kinds_of(contract, world, cell, counted) == []
    noted = replace(read, writes=frozenset({"audit.Entry", "users.CustomUser.last_seen"}))
    assert kinds_of(contract, world, cell, noted) == []
    assert kinds_of(contract, world, cell, replace(read, writes=frozenset({"courses.Lesson.title"}))) == [
        Kind.EFFECT
    ]


def test_staff_may_set_more(contract: Contract, world: World) -> None:
    """What staff may set besides is nobody else's to set; nothing else is settable for them either."""
    before = {"subtitle": "old", "is_featured": False, "view_count": 1}

    def kinds(principal: str, **after: Any) -> list[Kind]:
        cell = f"courses.partial_update/course-open-with-read-only/{principal}"
        row = before | {"subtitle": "zq-new"} | after
        found = kinds_of(
            contract, world, cell, answer(200, {}), before=before, after=row, write_token="zq-new"
        )
        return [kind for kind in found if kind is Kind.EFFECT]

    assert kinds("staff", is_featured=True) == []
    assert kinds("owner", is_featured=True) == [Kind.EFFECT]
    assert kinds("staff", view_count=9) == [Kind.EFFECT]
