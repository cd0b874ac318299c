"""Reviews: learners write one per course, staff decide whether it is shown, everybody reads those that are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from courses.models import Enrollment, Review

from .world import EVERYBODY, INSIDERS, PEOPLE, World

Client = Callable[[str], APIClient]
WORDS = {"rating": 4, "title": "Well done", "content": "Words enough for a review."}


@pytest.fixture
def reviews(world: World) -> dict[str, Review]:
    """A shown and a withdrawn review of the published course, and a shown one of the draft."""
    people = world.people
    rows = {
        "shown": {"course": world.course, "user": people["premium"]},
        "withdrawn": {"course": world.course, "user": people["lapsed"], "is_approved": False},
        "draft": {"course": world.draft, "user": people["registered"]},
    }
    notes = {"moderation_notes": "Notes of a moderator"}
    return {
        name: Review.objects.create(rating=5, content=f"{name} words", **notes, **row)
        for name, row in rows.items()
    }


@pytest.fixture
def enrolled(world: World) -> World:
    """Everybody is a learner of the published course; the former instructor left it."""
    for name, person in world.people.items():
        status = "unenrolled" if name == "former" else "active"
        Enrollment.objects.create(user=person, course=world.course, status=status)
    return world


@pytest.mark.parametrize("who", EVERYBODY)
def test_shown_reviews_are_for_who_sees_the_course_and_others_for_author_and_staff(
    who: str, reviews: dict[str, Review], get: Any
) -> None:
    if who == "guest":
        assert get(who, "reviews/").status_code == 401
        return
    readable = {
        "shown": True,
        "withdrawn": who in ("lapsed", "staff"),
        "draft": who in (*INSIDERS, "registered"),
    }

    listed = [row["id"] for row in get(who, "reviews/").data]
    assert listed == [reviews[name].pk for name in ("draft", "withdrawn", "shown") if readable[name]]
    for name, review in reviews.items():
        assert get(who, f"reviews/{review.pk}/").status_code == (200 if readable[name] else 404)


@pytest.mark.parametrize("who", PEOPLE)
def test_moderation_is_shown_to_staff_and_its_outcome_to_the_author(
    who: str, reviews: dict[str, Review], get: Any
) -> None:
    answer = get(who, f"reviews/{reviews['shown'].pk}/")

    assert ("is_approved" in answer.data) is (who in ("premium", "staff"))
    assert ("moderation_notes" in answer.data) is (who == "staff")
    assert answer.data["user"] == {"id": reviews["shown"].user_id, "display_name": "premium"}
    assert b"@" not in answer.content


@pytest.mark.parametrize("who", PEOPLE)
def test_learners_review_a_course_once(who: str, enrolled: World, client_of: Client) -> None:
    client, body = client_of(who), {**WORDS, "course_id": enrolled.course.pk}
    first, second = client.post("/api/reviews/", body), client.post("/api/reviews/", body)

    if who == "former":
        assert (first.status_code, list(first.data)) == (400, ["course_id"])
        return
    assert first.status_code == 201, first.content
    assert (second.status_code, list(second.data)) == (400, ["course_id"])
    review = Review.objects.get()
    assert (review.user, review.course) == (enrolled.people[who], enrolled.course)
    assert (review.rating, review.is_verified_purchase) == (4, True)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_course_one_is_no_learner_of_is_refused_and_a_draft_like_a_missing_one(
    who: str, world: World, client_of: Client
) -> None:
    def refused(course_id: int) -> str:
        answer = client_of(who).post("/api/reviews/", {**WORDS, "course_id": course_id})
        assert (answer.status_code, list(answer.data)) == (400, ["course_id"])
        return str(answer.data).replace(str(course_id), "#")

    refused(world.course.pk)
    missing = refused(999_999)
    assert (refused(world.draft.pk) == missing) is (who not in INSIDERS)


@pytest.mark.parametrize("who", PEOPLE)
def test_authors_write_their_words_and_staff_the_moderation(
    who: str, reviews: dict[str, Review], client_of: Client
) -> None:
    review = reviews["shown"]
    changes = {
        **WORDS,
        "is_approved": False,
        "moderation_notes": "Fresh notes",
        "is_verified_purchase": True,
        "helpful_count": 99,
        "course_id": review.course_id + 1,
        "user": 1,
    }
    for method in ("patch", "put"):
        answer = getattr(client_of(who), method)(f"/api/reviews/{review.pk}/", changes)
        assert answer.status_code == (200 if who in ("premium", "staff") else 403)

    after = Review.objects.get(pk=review.pk)
    assert (after.content == WORDS["content"]) is (after.rating == 4) is (who == "premium")
    assert (after.is_approved is False) is (after.moderation_notes == "Fresh notes") is (who == "staff")
    kept = ("user_id", "course_id", "helpful_count", "is_verified_purchase")
    assert [getattr(after, name) for name in kept] == [getattr(review, name) for name in kept]


def test_moderation_by_form_changes_only_what_was_sent(reviews: dict[str, Review], client_of: Client) -> None:
    path = f"/api/reviews/{reviews['shown'].pk}/"
    answer = client_of("staff").put(path, {"moderation_notes": "Fine"}, format="multipart")

    assert (answer.status_code, answer.data["is_approved"]) == (200, True)


@pytest.mark.parametrize("who", PEOPLE)
def test_authors_and_staff_delete_reviews(who: str, reviews: dict[str, Review], client_of: Client) -> None:
    answer = client_of(who).delete(f"/api/reviews/{reviews['shown'].pk}/")

    assert answer.status_code == (204 if who in ("premium", "staff") else 403)
    assert Review.objects.filter(pk=reviews["shown"].pk).exists() is (answer.status_code == 403)


@pytest.mark.parametrize(
    "change", [{"rating": 0}, {"rating": 6}, {"content": "short"}, {"title": "<script>x"}]
)
def test_a_review_that_makes_no_sense_is_refused_by_field(
    change: dict[str, Any], enrolled: World, client_of: Client
) -> None:
    body = {**WORDS, "course_id": enrolled.course.pk, **change}
    answer = client_of("registered").post("/api/reviews/", body)

    assert (answer.status_code, list(answer.data)) == (400, list(change))


def test_reviews_are_narrowed_by_course(world: World, reviews: dict[str, Review], get: Any) -> None:
    assert [row["id"] for row in get("registered", f"reviews/?course={world.course.slug}").data] == [
        reviews["shown"].pk
    ]
    assert get("premium", f"reviews/?course={world.draft.slug}").data == []


def test_the_list_of_reviews_takes_the_same_queries_for_more_of_them(
    enrolled: World, client_of: Client
) -> None:
    client = client_of("registered")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get("/api/reviews/").data) == Review.objects.count()
        return len(captured)

    few = queries()
    for person in enrolled.people.values():
        Review.objects.create(user=person, course=enrolled.course, rating=3, content="More words.")
    assert queries() == few
