"""`courses/serializers/core.py`, where rows are many: what lists count, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.factories.filling import fill_unique
from coursegate.harness.client import rows_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

READERS = (GUEST, "registered", "premium", "lapsed")
MOST_PAGES = 20


def _all(on: Probe, operation: str, by: str) -> list[dict[str, Any]]:
    """Every row of a list, page after page; as many as its own count says."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES):
        answer = on.send(operation, by=by, query=f"page_size=100&page={page}")
        assert answer.status == 200, f"page {page} of {operation} answers {answer.summary}"
        found += answer.json["results"]
        if answer.json["next"] is None:
            break
    assert found, f"{operation} is empty for {by}"
    assert answer.json["count"] == len(found)
    return found


@finding("ARCH-04", needs="http", cases={name: {"by": name} for name in READERS})
def counts_agree_with_the_lists(on: Probe, by: str) -> None:
    """For each level the lessons that modules and courses count are those that the same reader can list."""
    lessons = {lesson["id"] for lesson in _all(on, "lessons.list", by)}
    modules = _all(on, "modules.list", by)
    courses = _all(on, "courses.list", by)

    nested = [lesson["id"] for module in modules for lesson in module["lessons"]]

    for module in modules:
        assert module["lessons_count"] == len(module["lessons"]), f"module {module['id']}"
    assert sorted(nested) == sorted(lessons)
    counted = sum(course["lesson_count"] for course in courses)
    assert counted == len(lessons), f"lesson_count sums up to {counted}, the list holds {len(lessons)}"
    assert sum(course["module_count"] for course in courses) == len(modules)


@finding("ARCH-04", needs="http", cases={name: {"by": name} for name in READERS})
def a_course_counts_what_its_outline_shows(on: Probe, by: str) -> None:
    """On its own page, too, a course counts the lessons that its outline shows to this reader."""
    answer = on.send("courses.retrieve", "course-open", by=by)
    assert answer.status == 200
    course = answer.json

    shown = [lesson["id"] for module in course["modules"] for lesson in module["lessons"]]

    assert shown, "the outline is empty"
    assert course["lesson_count"] == len(shown), (
        f"lesson_count is {course['lesson_count']}, {len(shown)} are shown"
    )
    assert [module["lessons_count"] for module in course["modules"]] == [
        len(module["lessons"]) for module in course["modules"]
    ]


@finding("ARCH-04", needs="http")
def who_may_read_more_counts_more(on: Probe) -> None:
    """A premium reader counts lessons that nobody below that level counts."""
    counted = {by: on.send("modules.retrieve", "module-open", by=by).json["lessons_count"] for by in READERS}

    assert counted["premium"] > counted["registered"] >= counted[GUEST] > 0
    assert counted["lapsed"] == counted["registered"]


def _copies(rows: Iterable[tuple[Any, dict[str, Any]]]) -> list[Any]:
    """New rows like others, with other values; stored at once, past save() and signals."""
    made = []
    for row, changes in rows:
        copied = type(row)(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        )
        copied.pk = None
        for field in copied._meta.concrete_fields:
            if field.unique and not field.primary_key and field.remote_field is None:
                setattr(copied, field.attname, field.get_default() if field.has_default() else None)
        for name, value in changes.items():
            setattr(copied, name, value)
        fill_unique(copied)
        made.append(copied)
    return list(type(made[0])._base_manager.bulk_create(made))


def _grow(on: Probe, first: int, count: int) -> None:
    """So many courses more, each with its instructor, a module, two lessons and a learner with everything learners have."""
    row = {name: on.row(name) for name in GROWING}
    numbers = range(first, first + count)
    categories = _copies(
        (row["category-open"], {"name": f"Shelf {n}", "slug": f"shelf-{n}"}) for n in numbers
    )
    courses = _copies(
        (row["course-open"], {"slug": f"grown-{n}", "category": category})
        for n, category in zip(numbers, categories, strict=True)
    )
    _copies((row["lead-of-course-open"], {"course": course}) for course in courses)
    modules = _copies((row["module-open"], {"course": course}) for course in courses)
    lessons = _copies((row["lesson-guest"], {"module": module}) for module in modules)
    tested = _copies((row["lesson-registered"], {"module": module}) for module in modules)
    _copies((row["resource-free-on-guest-lesson"], {"lesson": lesson}) for lesson in lessons)
    tests = _copies((row["assessment-registered"], {"lesson": lesson}) for lesson in tested)
    questions = _copies((row["question-registered"], {"assessment": test}) for test in tests)
    _copies((row["answer-registered"], {"question": question}) for question in questions)
    enrolments = _copies((row["enrollment-registered"], {"course": course}) for course in courses)
    _copies(
        (row["progress-registered"], {"enrollment": enrolment, "lesson": lesson})
        for enrolment, lesson in zip(enrolments, lessons, strict=True)
    )
    _copies((row["certificate-registered"], {"enrollment": enrolment}) for enrolment in enrolments)
    _copies((row["note-private"], {"lesson": lesson}) for lesson in lessons)
    _copies((row["review-registered"], {"course": course}) for course in courses)


GROWING = (
    *(
        "category-open",
        "course-open",
        "lead-of-course-open",
        "module-open",
        "lesson-guest",
        "lesson-registered",
    ),
    *("resource-free-on-guest-lesson", "assessment-registered", "question-registered", "answer-registered"),
    *("enrollment-registered", "progress-registered", "certificate-registered", "note-private"),
    "review-registered",
)
FEW, MORE = 5, 45


@finding(
    "GUARD-01",
    writes=True,
    cases={
        f"{operation}/{by}": {"operation": operation, "by": by}
        for operation, by in (
            ("categories.list", GUEST),
            ("courses.list", "registered"),
            ("courses.list", "owner"),
            ("modules.list", "registered"),
            ("lessons.list", "registered"),
            ("enrollments.list", "registered"),
            ("progress.list", "registered"),
            ("notes.list", "registered"),
            ("reviews.list", "registered"),
            ("certificates.list", "registered"),
        )
    },
)
def a_longer_list_costs_no_more_queries(on: Probe, operation: str, by: str) -> None:
    """A list of fifty rows needs as many queries as one of five: instructors, progress and answers come along."""
    at = on.contract.api.operations[operation].rows_at
    costs, lengths = [], []
    for first, count in ((0, FEW), (FEW, MORE)):
        _grow(on, first, count)
        on.send(operation, by=by, query="page_size=100")
        on.target.clear_caches()
        with on.queries() as queries:
            answer = on.send(operation, by=by, query="page_size=100")
        assert answer.status == 200
        costs.append(len(queries))
        lengths.append(len(rows_of(answer, at) or ()))

    assert lengths[1] >= lengths[0] + MORE, f"the list did not grow: {lengths}"
    assert costs[1] <= costs[0], f"{lengths[0]} rows cost {costs[0]} queries, {lengths[1]} cost {costs[1]}"
