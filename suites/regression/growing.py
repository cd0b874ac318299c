"""Courses by the dozen, with everything that hangs on them: for what lists cost, and where their pages end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coursegate.factories.copying import copies
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import ABSENT

# As many rows as a page may hold.
WHOLE = "page_size=100"
SHELVED = ("category-open", "course-open", "lead-of-course-open", "module-open", "lesson-guest")
GROWING = (
    "category-open",
    "lesson-registered",
    *("resource-free-on-guest-lesson", "assessment-registered", "question-registered", "answer-registered"),
    *("enrollment-registered", "progress-registered", "certificate-registered", "note-private"),
    "review-registered",
)
DRAFT = {"is_published": False, "is_draft": True}
# Lists that hold not every course, and what makes a course one of theirs.
MADE_FOR: dict[str, Callable[[Probe, int], dict[str, Any]]] = {
    "courses.featured": lambda _on, _number: {"is_featured": True},
    "featured.list": lambda _on, _number: {"is_featured": True},
    "courses.versions": lambda on, number: {
        "parent_version_id": on.key("course-open"),
        "version": f"{2 + number / 10:.1f}",
    },
    "draft-courses.list": lambda _on, _number: DRAFT,
    "draft-modules.list": lambda _on, _number: DRAFT,
    "draft-lessons.list": lambda _on, _number: DRAFT,
}


def shelve(on: Probe, first: int, count: int, made_for: Callable[[Probe, int], dict[str, Any]]) -> list[Any]:
    """So many courses more, each in a category of its own, with its instructor, a module and a lesson for everybody."""
    row = {name: on.row(name) for name in SHELVED}
    numbers = range(first, first + count)
    categories = copies(
        (row["category-open"], {"name": f"Shelf {n}, a sentence", "slug": f"shelf-{n}"}) for n in numbers
    )
    courses = copies(
        (row["course-open"], {"slug": f"grown-{n}", "category": category, **made_for(on, n)})
        for n, category in zip(numbers, categories, strict=True)
    )
    for lead in copies((row["lead-of-course-open"], {"course": course}) for course in courses):
        lead.save()  # whoever keeps rights elsewhere, too, is told of them by a signal
    modules = copies((row["module-open"], {"course": course}) for course in courses)
    return copies((row["lesson-guest"], {"module": module}) for module in modules)


def grow(on: Probe, first: int, count: int, operation: str = "") -> None:
    """So many courses more, as a list holds them, with all that hangs on one, and what a learner has done in it."""
    row = {name: on.row(name) for name in GROWING}
    lessons = shelve(on, first, count, MADE_FOR.get(operation, lambda _on, _number: {}))
    modules = [lesson.module for lesson in lessons]
    courses = [module.course for module in modules]
    _put_below_parents(row["category-open"], first, [course.category for course in courses])
    tested = copies((row["lesson-registered"], {"module": module}) for module in modules)
    copies((row["resource-free-on-guest-lesson"], {"lesson": lesson}) for lesson in lessons)
    tests = copies((row["assessment-registered"], {"lesson": lesson}) for lesson in tested)
    questions = copies((row["question-registered"], {"assessment": test}) for test in tests)
    copies((row["answer-registered"], {"question": question}) for question in questions)
    enrolments = copies((row["enrollment-registered"], {"course": course}) for course in courses)
    copies(
        (row["progress-registered"], {"enrollment": enrolment, "lesson": lesson})
        for enrolment, lesson in zip(enrolments, lessons, strict=True)
    )
    copies((row["certificate-registered"], {"enrollment": enrolment}) for enrolment in enrolments)
    copies((row["note-private"], {"lesson": lesson}) for lesson in lessons)
    copies((row["review-registered"], {"course": course}) for course in courses)


def _put_below_parents(pattern: Any, first: int, categories: list[Any]) -> None:
    """Each of the categories gets a parent of its own: one that is the same for all would be fetched once."""
    numbers = range(first, first + len(categories))
    parents = copies(
        (pattern, {"name": f"Shelf {n}, what is above", "slug": f"above-{n}", "parent": None})
        for n in numbers
    )
    for category, parent in zip(categories, parents, strict=True):
        category.parent = parent
    type(pattern)._base_manager.bulk_update(categories, ["parent"])


def is_there(on: Probe, operation: str, by: str) -> bool:
    """Whether the backend has a list, which it need not have where the contract says so; one that is lost it has not."""
    if operation in on.lost:
        return False
    return not (on.contract.api.operations[operation].optional and on.send(operation, by=by).status in ABSENT)


def answer_of(on: Probe, operation: str, by: str, query: str = "") -> Answer:
    """What a list answers; versions are asked for of `course-open`.

    A list without pages may refuse the size of one: then it is asked without.
    """
    said = on.contract.api.operations[operation]
    subject = "course-open" if said.lookup else ""
    answer = on.send(operation, subject, by=by, query=query)
    if answer.status == 400 and query == WHOLE:
        answer = on.send(operation, subject, by=by)
    assert answer.status == 200, f"{operation}?{query} answers {answer.summary}"
    return answer
