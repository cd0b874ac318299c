"""`courses/views/public.py`, `courses/views/mixins.py`: lists hold what the caller's level opens, and no more."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

FILTER = "courses.views.mixins.filter_for_access_level"
TIERS = {name: {"principal": name} for name in ("guest", "registered", "premium")}
PEOPLE = {
    name: {"principal": name} for name in ("guest", "registered", "premium", "lapsed", "owner", "staff")
}
MOST_PAGES = 20


@finding("ARCH-01", kind=Kind.LEAK, cases=PEOPLE)
def the_utility_leaves_lessons_that_open(on: Probe, principal: str) -> None:
    """Of published lessons `filter_for_access_level` leaves those that open for the caller, by level and preview, and all."""
    published = {"module__is_published": True, "module__course__is_published": True}
    rows = on.queryset("courses.Lesson").filter(pk__in=set(on.world.rows_of("courses.Lesson")), **published)
    opened = set(on.world.rows_for("courses.Lesson", principal)) & {row.pk for row in rows}
    assert opened, f"the world holds no published lesson for {principal}"

    assert {row.pk for row in _filtered(on, rows, principal)} == opened


def _filtered(on: Probe, rows: Any, principal: str, what: str = "lesson") -> Any:
    """What the utility leaves of lessons, or of what else; where it wants to be told what they are, it is."""
    from django.core.exceptions import FieldError

    user = on.account(principal)
    try:
        return on.name(FILTER)(rows, user)
    except (FieldError, TypeError, ValueError):
        return on.name(FILTER)(rows, user, model_type=what)


@finding("ARCH-01", kind=Kind.LEAK)
def the_utility_leaves_no_resource_of_a_closed_lesson(on: Probe) -> None:
    """Of resources `filter_for_access_level` leaves those of lessons that open for the caller, and of closed ones none."""
    lesson, resource = on.key("lesson-guest"), on.key("resource-free-on-guest-lesson")
    rows = on.queryset("courses.Resource").filter(pk=resource)
    if not _filtered(on, rows, GUEST, "resource").exists():
        raise CannotAsk("it leaves not even a resource of a lesson that is open to everybody")

    on.target.change("courses.Lesson", lesson, {"access_level": "premium"})

    assert not _filtered(on, rows, GUEST, "resource").exists(), (
        "it leaves a resource of a premium lesson to a guest"
    )
    assert _filtered(on, rows, "premium", "resource").exists(), "it leaves premium users nothing of it"


@finding("ARCH-01", needs="http", kind=Kind.LEAK, cases=TIERS)
def a_list_counts_what_it_may_show(on: Probe, principal: str) -> None:
    """The list of lessons holds exactly the rows that open for the caller, and its count says how many they are."""
    operation = on.contract.api.operations["lessons.list"]
    expected = set(map(str, on.world.listable(operation, principal)))
    known = {str(key) for key in on.world.rows_of("courses.Lesson")}

    rows, counts = _all_pages(on, "lessons.list", principal)

    shown = {str(row["id"]) for row in rows}
    assert expected, "the world opens no lesson for them"
    assert shown & known == expected
    assert counts == {len(shown)}


def _all_pages(on: Probe, operation: str, principal: str, narrowed: str = "") -> tuple[list[Any], set[int]]:
    """Every row of a list, over all pages, and what the pages say is their number; of a narrowed list that is refused none."""
    rows: list[Any] = []
    counts = set()
    for page in range(1, MOST_PAGES + 1):
        query = f"page={page}&page_size=100"
        answer = on.send(operation, by=principal, query=f"{query}&{narrowed}" if narrowed else query)
        if narrowed and answer.status in {400, 404}:
            return [], {0}
        assert answer.status == 200, f"{operation}?{narrowed} answers {answer.status}"
        shown = answer.json
        rows += shown["results"]
        counts.add(shown["count"])
        if not shown["next"]:
            return rows, counts
    raise AssertionError(f"{operation} has more than {MOST_PAGES} pages of 100 rows")


def _narrowings(on: Probe) -> list[str]:
    """Queries for which a list of lessons may look, each of which also fits lessons that are closed to somebody."""
    title = on.send("lessons.retrieve", "lesson-premium", by="staff").json["title"]
    module, course = on.key("module-open"), on.key("course-open")
    looked_for = {
        "module": (module,),
        "module_id": (module,),
        "course": (on.named("course-open", "slug"), course),
        "course_id": (course,),
        "free_preview": ("true", "false"),
        "access_level": ("premium", "registered", "enterprise"),
        "type": ("video",),
        "search": (title, *title.split()[:1]),
        "ordering": ("title", "-order"),
    }
    return [f"{name}={quote(str(value))}" for name, values in looked_for.items() for value in values]


@finding("ARCH-01", needs="http", kind=Kind.LEAK, cases=TIERS)
def a_narrowed_list_holds_no_row_more(on: Probe, principal: str) -> None:
    """Whatever its reader narrows it by, the list of lessons holds, and counts, only rows that it holds without (policy 4)."""
    rows, _ = _all_pages(on, "lessons.list", principal)
    everything = {row["id"] for row in rows}
    assert everything, "the list is empty"

    for narrowed in _narrowings(on):
        rows, counts = _all_pages(on, "lessons.list", principal, narrowed)

        shown = {row["id"] for row in rows}
        assert shown <= everything, (
            f"?{narrowed} shows {len(shown - everything)} rows that it does not show without"
        )
        assert counts == {len(rows)}, f"?{narrowed} counts {sorted(counts)} and shows {len(rows)} rows"


@finding("ARCH-01", needs="http", kind=Kind.LEAK, cases=TIERS)
def an_outline_holds_what_it_may_show(on: Probe, principal: str) -> None:
    """The lessons of a module are those that open for the caller."""
    answer = on.send("modules.retrieve", "module-open", by=principal)

    assert answer.status == 200
    opened = {
        str(key)
        for key, name in on.world.rows_for("courses.Lesson", principal).items()
        if on.contract.world.within(on.contract.world.objects[name], "module-open")
    }
    assert {str(row["id"]) for row in answer.json["lessons"]} == opened


@finding("ARCH-04", needs="http", kind=Kind.LEAK, cases=TIERS)
def an_outline_counts_what_it_may_show(on: Probe, principal: str) -> None:
    """A module says that it has as many lessons as open for the caller."""
    answer = on.send("modules.retrieve", "module-open", by=principal)

    assert answer.status == 200
    assert answer.json["lessons_count"] == on.world.counted("courses.Lesson", "module-open", principal)


@finding("ARCH-01", needs="http", kind=Kind.LEAK)
def a_guest_gets_no_copy_for_members(on: Probe) -> None:
    """What is written for registered readers is in no guest's list; in theirs it is."""
    for principal, shown in ((GUEST, False), ("registered", True)):
        rows, _ = _all_pages(on, "lessons.list", principal)
        assert rows
        assert any(row.get("registered_content") for row in rows) is shown, f"as {principal}"


@finding(
    "GUARD-04",
    needs="http",
    kind=Kind.LEAK,
    cases={name: {"principal": name} for name in ("guest", "premium", "peer")},
)
def an_unpublished_module_is_nowhere(on: Probe, principal: str) -> None:
    """An unpublished module, or one of a draft, is in no list, no outline, and has no page; for its instructor it has."""
    for name in ("module-unpublished", "module-of-draft"):
        for who, shown in ((principal, False), ("owner", True)):
            rows, _ = _all_pages(on, "modules.list", who)
            assert (str(on.key(name)) in {str(row["id"]) for row in rows}) is shown, (
                f"{name} in the list of {who}"
            )
            page = on.send("modules.retrieve", name, by=who)
            assert (page.status == 200) is shown, f"{name} answers {who} {page.status}"
    for who, shown in ((principal, False), ("owner", True)):
        outline = on.send("courses.retrieve", "course-open", by=who).json["modules"]
        assert outline, "the course is shown without any module"
        keys = {str(module["id"]) for module in outline}
        assert (str(on.key("module-unpublished")) in keys) is shown, f"in the outline as {who}"


@finding("ARCH-01", needs="http")
def a_lesson_that_a_list_holds_is_open_there(on: Probe) -> None:
    """What a list holds of a lesson is what its reader is shown by its id: nobody pays for lists of closed lessons."""
    alone = on.send("lessons.retrieve", "lesson-premium", by="premium").json
    rows, _ = _all_pages(on, "lessons.list", "premium")
    listed = [row for row in rows if row["id"] == alone["id"]]

    assert alone["is_restricted"] is False
    assert [(row["is_restricted"], row["content"]) for row in listed] == [(False, alone["content"])]


@finding("ARCH-01", needs="http", cases={name: {"principal": name} for name in ("premium", "owner", "staff")})
def a_lesson_holds_what_is_paid_for(on: Probe, principal: str) -> None:
    """A lesson shows its premium resources to those for whom they open (policy 4)."""
    answer = on.send("lessons.retrieve", "lesson-guest", by=principal)

    assert answer.status == 200, f"the lesson is answered {answer.summary}"
    lists = [answer.json.get(name) or [] for name in ("resources", "premium_resources")]
    shown = {str(row["id"]) for rows in lists for row in rows}
    assert str(on.key("resource-premium-on-guest-lesson")) in shown, "its premium resource is left out"
