"""`courses/views/instructor.py`: a clone is a course of its own, which takes nothing from its source and nobody along."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import ABSENT, check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.views_instructor import CLONES, STEPS

SOURCE, DRAFT, FILES = (
    "course-open",
    "course-draft",
    ("resource-free-on-guest-lesson", "resource-premium-on-guest-lesson"),
)
# What others have made of a course.
EARNED = ("total_reviews", "avg_rating", "rating", "enrolled_students", "enrolled_students_count")

# Neither yes nor no, to whoever reads JSON.
UNCLEAR: tuple[object, ...] = (None, "", "perhaps", [])


def _asked(
    on: Probe, operation: str, source: str, body: dict[str, Any]
) -> tuple[Answer, list[dict[str, Any]]]:
    """How its owner is answered who clones a course, and the courses that are there because of it.

    Raises:
        NotApplicable: the backend does not route the operation.
    """
    known = on.target.keys("courses.Course")
    answer = on.send(operation, source, by="owner", body=body)
    if not operation.startswith("courses."):
        check_routed(operation, answer)
    return answer, on.target.rows_beyond("courses.Course", known)


def _cloned(on: Probe, operation: str) -> dict[str, Any]:
    """A clone of a published course as its owner sees it.

    Raises:
        NotApplicable: the backend does not route the operation.
        CannotAsk: its owner gets none.
    """
    answer, made = _asked(on, operation, *STEPS[operation])
    if answer.status not in {200, 201} or len(made) != 1:
        raise CannotAsk(f"no clone is made: {answer.summary}")
    shown = on.send("courses.retrieve", made[0]["slug"], by="owner")
    if not isinstance(shown.json, dict):
        raise CannotAsk(f"its owner does not see the clone: {shown.summary}")
    return shown.json


@finding("policy 7", writes=True, kind=Kind.LEAK, cases=CLONES)
def a_clone_lets_nobody_in_again(on: Probe, operation: str) -> None:
    """Whoever no longer teaches a course does not teach its clone either: to them it is hidden, as to any peer."""
    slug = _cloned(on, operation)["slug"]

    found = [who for who in ("former", "peer") if on.send("courses.retrieve", slug, by=who).status != 404]

    assert found == [], f"{', '.join(found)} may look at the clone"


@finding("VIEW-12", writes=True, kind=Kind.EFFECT, cases=CLONES)
def a_clone_is_published_by_clear_words_alone(on: Probe, operation: str) -> None:
    """Whether a clone is a draft, said by what is neither yes nor no, is refused, or the clone is a draft."""
    _cloned(on, operation)

    for wish in UNCLEAR:
        with on.target.undone():
            answer, made = _asked(on, operation, SOURCE, {"title": "A second edition", "draft": wish})
        assert answer.status < 500, f"draft: {wish!r} is answered {answer.summary}"
        published = [row["slug"] for row in made if row["is_published"]]
        assert published == [], f"draft: {wish!r} makes a clone that is published"


@finding("policy 12", writes=True, kind=Kind.EFFECT, cases=CLONES)
def a_clone_has_earned_nothing_yet(on: Probe, operation: str) -> None:
    """A clone begins without learners and reviews, and is not shown with those of its source."""
    shown = _cloned(on, operation)

    earned = {name: shown[name] for name in EARNED if float(shown.get(name) or 0)}
    assert earned == {}, f"a clone that nobody has seen is shown with {earned}"


@finding("VIEW-13", writes=True, cases=CLONES)
def the_title_of_a_clone_fits_its_column(on: Probe, operation: str) -> None:
    """A course whose title is as long as its column is cloned, by a title that fits there too, or refused politely."""
    longest = on.model("courses.Course")._meta.get_field("title").max_length
    on.rows("courses.Course").filter(pk=on.key(SOURCE)).update(title="x" * longest)

    answer, made = _asked(on, operation, SOURCE, {})

    assert answer.status in {200, 201, 400, 409}, f"it is answered {answer.summary}"
    titles = [len(row["title"]) for row in made]
    assert [size for size in titles if size > longest] == [], f"the column holds {longest} characters"


@finding("policy 7", commits=True, kind=Kind.EFFECT, cases=CLONES)
def a_clone_can_lose_its_files_alone(on: Probe, operation: str) -> None:
    """A file that is deleted with a resource of a clone stays where its source shows it."""
    stored = [on.row(name).file for name in FILES]
    if not all(file and file.storage.exists(file.name) for file in stored):
        raise CannotAsk(f"the files of {SOURCE} are not where its rows say")
    clone = _cloned(on, operation)["id"]
    copies = [
        row
        for row in on.rows("courses.Resource").select_related("lesson__module")
        if str(row.lesson.module.course_id) == str(clone)
    ]
    if not copies:
        raise NotApplicable("a clone has no resources")

    for row in copies:
        answer = on.send("resources.destroy", str(row.pk), by="owner")
        if answer.status in ABSENT:
            row.delete()

    gone = [file.name for file in stored if not file.storage.exists(file.name)]
    assert gone == [], f"with the resources of a clone {len(gone)} files of its source are gone"


@finding("policy 7", commits=True, kind=Kind.EFFECT)
def a_clone_outlives_its_source(on: Probe) -> None:
    """When a draft is deleted of which there is a clone, the clone stays."""
    cloned = on.send("courses.clone", DRAFT, by="owner", body=STEPS["courses.clone"][1])
    slug = cloned.json.get("slug") if isinstance(cloned.json, dict) else None
    if not slug or on.send("courses.retrieve", slug, by="owner").status != 200:
        raise CannotAsk(f"no clone of {DRAFT} is made: {cloned.summary}")

    deleted = on.send("courses.destroy", DRAFT, by="staff")
    if deleted.status not in {200, 204}:
        raise NotApplicable(f"what has been cloned is not deleted: {deleted.summary}")

    left = on.send("courses.retrieve", slug, by="owner")
    assert left.status == 200, f"with its source the clone is gone: {left.summary}"
