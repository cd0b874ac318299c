"""Where a cell allows several answers, the message is about the one that was meant, or names all of them."""

from __future__ import annotations

from coursegate.contracts.contract import Contract
from coursegate.harness.observation import Answer
from coursegate.harness.verdicts import Kind
from coursegate.harness.world import World
from coursegate.tests.harness.imagined import answer, judged

MISSING = answer(404, {"detail": "Not found."})
# denied|hidden: a review that everybody may read, and a draft that the caller must not know of
REVIEW = "reviews.destroy/review-registered/premium"
DRAFT = "draft-courses.retrieve/course-draft/registered"
# absent|done, absent|hidden: the row stays, with status unenrolled
LEAVING = "enrollments.destroy/enrollment-registered/registered"
ENROLLED = {"status": "active", "progress": 3}


def test_a_404_that_may_be_one_is_told_by_what_differs(contract: Contract, world: World) -> None:
    """A 404 where 403 or a missing id's 404 is allowed is told by its body, not as a missing 403."""
    text = "its 404 differs from the answer for an id that never existed"

    def told(given: Answer) -> list[tuple[Kind, str]]:
        asked = {"control": MISSING, "requested": (("7",), ("999",))}
        return [(problem.kind, problem.text) for problem in judged(contract, world, DRAFT, given, **asked)]

    assert told(MISSING) == []
    assert told(answer(404, {"detail": "Not yours."})) == [
        (Kind.LEAK, f"{text}: at $.detail it says 'Not yours.' instead of 'Not found.'")
    ]
    assert told(answer(404, {"detail": "Not found.", "of": 3})) == [
        (Kind.LEAK, f"{text}: $.of stands in it alone")
    ]
    assert told(answer(404, {})) == [(Kind.LEAK, f"{text}: $.detail is missing from it")]
    assert told(answer(404, "<p>no", {"Content-Type": "text/html"}))[0][1].startswith(f"{text}: at $ it says")
    told_apart = answer(404, {"detail": "Not found."}, {"Content-Type": "text/html"})
    assert told(told_apart) == [
        (Kind.LEAK, f"{text}: Content-Type is 'text/html' instead of 'application/json'")
    ]


def test_all_allowed_answers_are_named(contract: Contract, world: World) -> None:
    """An answer that is none of those allowed is told with all of them, and with what it wrote."""
    row = {"before": {"rating": 3}, "after": {"rating": 1}}

    found = judged(contract, world, REVIEW, answer(200, {}), control=MISSING, **row)

    assert [problem.text for problem in found] == [
        "premium changed rating of review-registered",
        "expected 403, or 404 as for an id that never existed; saw 200",
    ]


def test_a_row_that_must_stay_is_missed(contract: Contract, world: World) -> None:
    """A success that takes the row away is told as that, where the row must stay with what was promised."""
    gone = judged(contract, world, LEAVING, answer(204), before=ENROLLED, after=None)
    stays = ENROLLED | {"status": "unenrolled"}

    assert judged(contract, world, LEAVING, answer(204), before=ENROLLED, after=stays) == []
    assert [problem.text for problem in gone] == [
        "the answer says done, but the row is gone; it must stay, with status 'unenrolled'"
    ]


def test_a_refused_caller_who_takes_a_row_away_is_told_so(contract: Contract, world: World) -> None:
    """A row that is gone although its caller must be refused is told as gone, not column by column."""
    found = judged(
        contract,
        world,
        REVIEW,
        answer(204),
        control=MISSING,
        before={"rating": 3, "comment": "x"},
        after=None,
    )

    assert [problem.text for problem in found] == [
        "premium changed review-registered: its row is gone, and must stay",
        "expected 403, or 404 as for an id that never existed; saw 204 without a body",
    ]


def test_a_refusal_names_every_status_that_would_have_been_right(contract: Contract, world: World) -> None:
    """What a guest gets instead of a 401, and in place of a teaser, is told with all that is allowed."""
    guest = judged(contract, world, "reviews.destroy/review-registered/guest", answer(404, {"detail": "no"}))
    locked = judged(contract, world, "lessons.retrieve/lesson-premium/guest", answer(400, {"detail": "no"}))

    assert [problem.text for problem in guest] == ["expected 401 (403 only without a challenge), saw 404"]
    assert [problem.text for problem in locked] == [
        "expected a teaser or a refusal with 401, 402, 403, 404, saw 400"
    ]
