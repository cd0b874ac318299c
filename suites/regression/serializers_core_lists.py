"""`courses/serializers/core.py`, where rows are many: what lists count, and what they cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.growing import WHOLE, answer_of, grow, is_there

READERS = (GUEST, "registered", "premium", "lapsed")
MOST_PAGES = 20
OVERVIEW = "instructor-dashboard.retrieve"
# What a statement asks for says less than from where, and LONGEST characters of that are enough to find it by.
_COLUMNS, LONGEST = re.compile(r"SELECT .*? FROM", re.DOTALL), 160


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


FEW, MORE = 5, 45
# How many more rows are shown at least, where a list has a limit of its own.
LIMITED = {"search.list": 30, "featured.list": 1}
ASKED = {"search.list": "q=sentence&type=all&limit=50"}
# Who asks which lists; those that the same rows make longer are asked together.
LISTS = (
    ("categories.list", GUEST, ()),
    ("courses.list", "registered", ()),
    ("courses.list", "owner", ()),
    ("modules.list", "registered", ()),
    ("lessons.list", "registered", ()),
    ("enrollments.list", "registered", ()),
    ("progress.list", "registered", ()),
    ("notes.list", "registered", ()),
    ("reviews.list", "registered", ()),
    ("certificates.list", "registered", ()),
    ("certificates.list", "staff", ()),
    ("courses.versions", "registered", ()),
    ("search.list", "registered", ()),
    ("featured", "registered", ("courses.featured", "featured.list")),
    ("drafts", "owner", ("draft-courses.list", "draft-modules.list", "draft-lessons.list")),
    ("taught", "owner", ("draft-content.list", "instructor-modules.list")),
)


@finding(
    "GUARD-01",
    writes=True,
    cases={f"{name}/{by}": {"operations": operations or (name,), "by": by} for name, by, operations in LISTS},
)
def a_longer_list_costs_no_more_queries(on: Probe, operations: tuple[str, ...], by: str) -> None:
    """A list of fifty rows needs as many queries as one of five: instructors, progress, answers, parents come along."""
    there = [operation for operation in operations if is_there(on, operation, by)]
    if not there:
        raise NotApplicable(f"this backend has none of {', '.join(operations)}")
    # A short shelf is full with few already.
    few = 1 if "featured.list" in there else FEW
    seen = []
    for first, count in ((0, few), (few, MORE)):
        grow(on, first, count, there[0])
        seen.append([_cost(on, operation, by) for operation in there])

    for operation, (fewer, cost), (more, higher) in zip(there, *seen, strict=True):
        if by == "staff" and not more:
            raise NotApplicable(f"{operation} shows staff no rows but their own")
        least = LIMITED.get(operation, MORE)
        assert more >= fewer + least, f"{operation} did not grow: from {fewer} rows to {more}"
        _check_no_dearer(operation, {f"{fewer} rows": cost, f"{more}": higher})


@finding("GUARD-01", writes=True)
def courses_that_were_withdrawn_cost_no_more_queries(on: Probe) -> None:
    """A learner's enrolments need as many queries however many of their courses have been withdrawn since."""
    seen = []
    for first, count in ((0, FEW), (FEW, MORE)):
        grow(on, first, count, "draft-courses.list")  # nobody but their team lists these: none is published
        seen.append(_cost(on, "enrollments.list", "registered"))

    (fewer, cost), (more, higher) = seen
    if more < fewer + MORE:
        raise NotApplicable("enrolments in what was withdrawn are not listed")
    _check_no_dearer("enrollments.list", {f"{fewer} rows": cost, f"{more}": higher})


@finding("GUARD-01", writes=True)
def teaching_more_costs_no_more_queries(on: Probe) -> None:
    """The overview of whoever teaches fifty courses needs as many queries as with five."""
    seen = []
    for first, count in ((0, FEW), (FEW, MORE)):
        grow(on, first, count)
        shown, queries = _counted(on, lambda: _overview(on))
        seen.append((len(shown.body), queries))

    (shorter, cost), (longer, higher) = seen
    if longer <= shorter:
        raise NotApplicable("the overview shows no more when more is taught")
    _check_no_dearer(OVERVIEW, {f"{FEW} courses": cost, f"{MORE} courses more": higher})


def _overview(on: Probe) -> Answer:
    answer = on.send(OVERVIEW, by="owner")
    check_routed(OVERVIEW, answer)
    assert answer.status == 200, f"the overview is answered {answer.summary}"
    return answer


def _check_no_dearer(operation: str, costs: Mapping[str, Sequence[str]]) -> None:
    """The second of two costs is no higher than the first; each by what it is the cost of."""
    (few, cost), (many, higher) = costs.items()
    assert len(higher) <= len(cost), (
        f"{few} cost {len(cost)} queries, {many} cost {len(higher)}: {operation}, {_grown(cost, higher)}"
    )


def _grown(fewer: Sequence[str], more: Sequence[str]) -> str:
    """The statement that is executed most often besides, without its columns."""
    besides = Counter(more)
    besides.subtract(fewer)
    statement, times = besides.most_common(1)[0]
    return f"{times} times more: {_COLUMNS.sub('SELECT … FROM', statement)[:LONGEST]}"


def _cost(on: Probe, operation: str, by: str) -> tuple[int, list[str]]:
    """Rows and queries of a list."""
    query = ASKED.get(operation, WHOLE)
    answer, queries = _counted(on, lambda: answer_of(on, operation, by, query))
    return len(rows_of(answer, on.contract.api.operations[operation].rows_at) or ()), queries


def _counted(on: Probe, ask: Callable[[], Answer]) -> tuple[Answer, list[str]]:
    """An answer and its queries, asked with cold caches of a process that is warm."""
    ask()
    on.target.clear_caches()
    with on.queries() as queries:
        answer = ask()
    return answer, list(queries)
