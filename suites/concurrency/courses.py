"""Courses: cloned, published, withdrawn, edited and started by two at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coursegate.harness.checks import samples
from coursegate.suites.concurrency.arena import Arena
from coursegate.suites.concurrency.fresh import answered, stands, succeeded
from coursegate.suites.concurrency.race import Proof, Scene, race

COURSE = "courses.Course"
CROWD = 4
CONFLICT = 409
TITLE = "A course that several start at once"
DESCRIPTION = "A description that is long enough for every minimum length that the models ask for."


@race("VIEW-13", "VIEW-12", watched=[COURSE], operation="courses.clone")
def cloning_a_course(arena: Arena) -> Scene:
    """Of simultaneous clones of one course each is made, or refused as a conflict; no version and no slug is there twice."""
    source = arena.row("course-open")
    known = set(arena.rows(COURSE).values_list("pk", flat=True))

    def verify(given: Sequence[Any]) -> Iterator[str]:
        made = list(arena.rows(COURSE).exclude(pk__in=known).values_list("version", "slug"))
        yield from _clones(len(made), given)
        if not made:
            yield f"{len(given)} were asked for and none is made: {answered(given)}"
        for column, values in zip(("version", "slug"), zip(*made, strict=True), strict=False):
            if len(set(values)) < len(values):
                yield f"two clones of one course have the same {column}: {', '.join(map(str, sorted(values)))}"

    clone = arena.request("courses.clone", "course-open", by="owner", body={"title": source.title})
    return Scene([clone] * CROWD, verify)


def _clones(made: int, given: Sequence[Any]) -> Iterator[str]:
    """What is wrong with answers to clones: who loses a race for a version is told so, and leaves nothing (VIEW-12)."""
    if made != succeeded(given):
        yield f"{succeeded(given)} are told that their clone is made, and {made} are there: {answered(given)}"
    if any(getattr(answer, "status", 0) not in {200, 201, CONFLICT} for answer in given):
        yield f"a clone is made, or a conflict: {answered(given)}"


LOCKED = {
    "clone": {"operation": "courses.clone", "course": "course-open"},
    "unpublish": {"operation": "courses.unpublish", "course": "course-open"},
}


@race("VIEW-13", watched=[COURSE], operation="courses.clone", proofs=[Proof.LOCKED], cases=LOCKED)
def changing_a_course(arena: Arena, operation: str, course: str) -> Scene:
    """Who clones or withdraws a course holds its row until it is done."""
    row = arena.row(course)
    body = {"title": row.title} if operation == "courses.clone" else None
    action = arena.request(operation, course, by="owner", body=body)
    return Scene([action], row=(type(row)._meta.db_table, row.pk))


@race("MOD-07", watched=[COURSE], operation="courses.create")
def starting_courses_of_one_title(arena: Arena) -> Scene:
    """Courses that are started at once with one title all come to be; the first slug is the title's, the others follow it."""
    body = {"title": TITLE, "description": DESCRIPTION, "category_id": arena.bound.world.ids["category-open"]}
    wanted = "a-course-that-several-start-at-once"

    def verify(given: Sequence[Any]) -> Iterator[str]:
        yield from _slugs(
            arena.rows(COURSE).filter(title=TITLE).values_list("slug", flat=True), wanted, given
        )

    whoever_may = samples(arena.bound.contract)["courses.create"].principal
    return Scene([arena.request("courses.create", by=whoever_may, body=body)] * CROWD, verify)


@race("MOD-07", watched=["courses.Category"])
def making_categories_of_one_slug(arena: Arena) -> Scene:
    """Categories whose names make one slug all come to be when they are made at once, each with a slug of its own."""
    names = ["Making things", "Making things!", "Making, things", "(Making things)"]
    category = arena.model("courses.Category")

    def verify(given: Sequence[Any]) -> Iterator[str]:
        made = arena.rows("courses.Category").filter(slug__startswith="making-things")
        yield from _slugs(made.values_list("slug", flat=True), "making-things", given)

    def make(name: str) -> Any:
        return lambda: category(name=name).save()

    return Scene([make(name) for name in names], verify)


def _slugs(found: Any, wanted: str, given: Sequence[Any]) -> Iterator[str]:
    slugs = list(found)
    if len(slugs) != len(given):
        yield f"{len(given)} were to be made, and {len(slugs)} are there: {answered(given)}"
    if (
        len(set(slugs)) < len(slugs)
        or wanted not in slugs
        or not all(slug.startswith(wanted) for slug in slugs)
    ):
        yield f"the slugs are {', '.join(sorted(slugs))}"


@race("VIEW-13", "policy 14", watched=[COURSE], operation="courses.partial_update")
def editing_while_it_is_withdrawn(arena: Arena) -> Scene:
    """A course that is edited while it is withdrawn ends withdrawn, with the edit in it; or one of the two is refused."""
    source = arena.row("course-open")
    body = {"subtitle": "Edited meanwhile"}

    def verify(given: Sequence[Any]) -> Iterator[str]:
        stored = arena.rows(COURSE).filter(pk=source.pk).values("is_published", "subtitle").get()
        edited, withdrawn = stored["subtitle"] == body["subtitle"], not stored["is_published"]
        if not stands([edited, withdrawn], given):
            yield f"is_published is {stored['is_published']}, the edit {stored['subtitle']!r}: {answered(given)}"

    edit = arena.request("courses.partial_update", "course-open", by="owner", body=body)
    return Scene([edit, arena.request("courses.unpublish", "course-open", by="staff")], verify)


@race("VIEW-13", "policy 14", watched=[COURSE], operation="courses.publish")
def publishing_while_it_is_edited(arena: Arena) -> Scene:
    """A course that is published while it is edited ends published, with the edit in it; or one of the two is refused."""
    source = arena.row("course-draft")
    body = {"subtitle": "Edited meanwhile"}

    def verify(given: Sequence[Any]) -> Iterator[str]:
        stored = arena.rows(COURSE).filter(pk=source.pk).values("is_published", "subtitle").get()
        shown, edited = bool(stored["is_published"]), stored["subtitle"] == body["subtitle"]
        if not stands([shown, edited], given):
            yield f"is_published is {shown}, the edit {stored['subtitle']!r}: {answered(given)}"

    edit = arena.request("courses.partial_update", "course-draft", by="owner", body=body)
    return Scene([arena.request("courses.publish", "course-draft", by="staff"), edit], verify)


@race("VIEW-12", "VIEW-13", watched=[COURSE], operation="courses.publish")
def publishing_while_it_is_cloned(arena: Arena) -> Scene:
    """A course that is published while it is cloned ends published, the copy a draft; or one of the two is told a conflict."""
    source = arena.row("course-draft")
    known = set(arena.rows(COURSE).values_list("pk", flat=True))

    def verify(given: Sequence[Any]) -> Iterator[str]:
        shown = arena.rows(COURSE).filter(pk=source.pk).values_list("is_published", flat=True).get()
        copies = list(arena.rows(COURSE).exclude(pk__in=known).values_list("is_published", flat=True))
        yield from _clones(len(copies), given[:1])
        if shown != (succeeded(given[1:]) == 1) or not (shown or copies) or any(copies):
            yield f"published: {shown}, copies published: {copies} ({answered(given)})"

    clone = arena.request("courses.clone", "course-draft", by="owner", body={"title": source.title})
    return Scene([clone, arena.request("courses.publish", "course-draft", by="owner")], verify)
