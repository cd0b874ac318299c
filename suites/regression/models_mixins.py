"""`courses/models/mixins.py`: slugs that are readable, unique, and fit their column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursegate.factories.copying import unsaved_copy
from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.targets.renamed_models import label_of
from coursegate.suites.regression.finding import finding

LABELS = {"course": "courses.Course", "category": "courses.Category"}
EACH = {name: {"kind": name} for name in LABELS}
LONG = "Learning to read very long titles without a break " * 8
# One sign of it becomes three letters of a slug.
EXPANDING = "ﬃ"


def _copy(row: Any, **values: Any) -> Any:
    """An unsaved row like another one, without its key and its slug."""
    return unsaved_copy(row, {"slug": "", **values})


def _named(on: Probe, kind: str, title: str) -> Any:
    """An unsaved course or category of this title."""
    if kind == "course":
        return _copy(on.row("course-open"), title=title)
    return _copy(on.row("category-open"), name=title)


def _longest(on: Probe, kind: str) -> int:
    length: int = on.model(LABELS[kind])._meta.get_field("slug").max_length
    return length


def _slug(on: Probe, kind: str, title: str) -> str:
    """The slug that a new row of this title is stored with."""
    row = _named(on, kind, title)
    row.save()
    stored: str = on.rows(LABELS[kind]).values_list("slug", flat=True).get(pk=row.pk)
    return stored


@finding(
    "MOD-04",
    writes=True,
    cases={
        f"{kind}-{name}": {"kind": kind, "titles": titles}
        for kind, sizes in (("course", (160, 159)), ("category", (100, 99)))
        for name, titles in (
            ("expanding", (EXPANDING * 100, EXPANDING * 99)),
            ("long", (LONG[: sizes[0]], LONG[: sizes[0]].replace(" ", "-", 1))),
        )
    },
)
def a_slug_fits_its_column(on: Probe, kind: str, titles: tuple[str, str]) -> None:
    """However long a title is as a slug, and whoever has it already, the slug fits, is unique, and begins like the title."""
    from django.utils.text import slugify

    longest = _longest(on, kind)

    slugs = [_slug(on, kind, title) for title in titles]

    assert len(set(slugs)) == len(titles)
    for slug, title in zip(slugs, titles, strict=True):
        assert len(slug) <= longest, f"a slug of {len(slug)} characters, the column has {longest}"
        assert slug.startswith(slugify(title)[: longest - 40]), f"{slug} does not begin like its title"


@finding("MOD-04", writes=True, cases=EACH)
def short_titles_keep_their_slugs(on: Probe, kind: str) -> None:
    """The first row of a short title has the plain slug, the next one the slug with -1, the third one with -2."""
    # However names are capitalised, these differ.
    titles = ("Wider Reading", "Wider, Reading", "Wider Reading!")

    assert [_slug(on, kind, title) for title in titles] == [
        "wider-reading",
        "wider-reading-1",
        "wider-reading-2",
    ]


@finding("MOD-04", writes=True, cases=EACH)
def a_title_with_a_number_takes_no_number_of_another(on: Probe, kind: str) -> None:
    """Beside a title that ends in a number, the second row of the title without it has the slug with -1."""
    titles = ("Wider Reading 5", "Wider Reading", "Wider, Reading")

    assert [_slug(on, kind, title) for title in titles] == [
        "wider-reading-5",
        "wider-reading",
        "wider-reading-1",
    ]


@finding("MOD-04", writes=True, cases=EACH)
def a_slug_is_one_for_its_column(on: Probe, kind: str) -> None:
    """A title with accents, in another alphabet or of signs alone gets a slug that the column itself calls valid."""
    from django.core.exceptions import ValidationError

    field = on.model(LABELS[kind])._meta.get_field("slug")

    for title in ("Übung für Anfänger", "Введение", "経済学入門", "¿Qué? ¡Sí!", "!!!"):
        slug = _slug(on, kind, title)
        assert slug, f"{title} gets no slug"
        try:
            field.run_validators(slug)
        except ValidationError as refused:
            raise AssertionError(f"{title} gets the slug {slug}: {' '.join(refused.messages)}") from None


@finding("MOD-04", writes=True, cases=EACH)
def the_next_number_follows_however_many_there_are(on: Probe, kind: str) -> None:
    """Where a short title has been taken a hundred and fifty times, the next row has the next number."""
    row = on.row("course-open" if kind == "course" else "category-open")
    slugs = ["read-on", *(f"read-on-{number}" for number in range(1, 150))]
    names = [{"name": f"Taken {number}"} if kind == "category" else {} for number in range(150)]
    rows = [_copy(row, slug=slug, **name) for slug, name in zip(slugs, names, strict=True)]
    on.model(LABELS[kind])._base_manager.bulk_create(rows)

    assert _slug(on, kind, "Read On") == "read-on-150"


def _title(length: int) -> str:
    """A title of 160 signs at most, whose slug has this length or is as long as the title."""
    expanding = max(0, (length - 159) // 2)
    return ("Read" * 40)[: min(160, length - 3 * expanding)] + EXPANDING * expanding


@finding("MOD-04", writes=True, cases={"": {"is_full": False}, "full": {"is_full": True}})
def a_thousand_rows_of_one_title(on: Probe, is_full: bool) -> None:
    """Where the slug and a thousand numbered ones are taken, the next row still gets one that fits, however long they are."""
    from django.utils.text import slugify

    row = on.row("course-open")
    longest = _longest(on, "course")
    base = _title(longest - len("-1000") if is_full else 160)
    plain = slugify(base)
    slugs = [plain, *(f"{plain}-{number}" for number in range(1, 1001))]
    on.model("courses.Course")._base_manager.bulk_create([_copy(row, slug=slug[:longest]) for slug in slugs])

    slug = _slug(on, "course", base)

    assert slug not in slugs
    assert len(slug) <= longest
    assert slug.startswith("readread")


@finding("MOD-04", writes=True, cases=EACH)
def a_title_without_letters_has_a_slug(on: Probe, kind: str) -> None:
    """A title of which no slug can be made gets one all the same, another one for each row."""
    slugs = [_slug(on, kind, title) for title in ("日本語の本", "日本の本")]

    assert all(slugs)
    assert len(set(slugs)) == len(slugs)
    assert all(len(slug) <= _longest(on, kind) for slug in slugs)


@finding("MOD-04", writes=True)
def the_version_of_a_long_slug_fits(on: Probe) -> None:
    """A new version of a course whose slug fills its column has a slug that fits and is its own."""
    longest = _longest(on, "course")
    course = _named(on, "course", EXPANDING * 100)
    course.save()

    version = course.clone_version(on.row("owner"))

    assert version.slug not in {"", course.slug}
    assert len(version.slug) <= longest


@finding("MOD-04", writes=True, cases={"long": {"text": LONG}, "expanding": {"text": EXPANDING * 130}})
def the_function_cuts_to_the_length_it_is_given(on: Probe, text: str) -> None:
    """`generate_unique_slug` cuts what it makes of any text to the length that it is given, suffix and all."""
    generate = on.name("courses.utils.core.generate_unique_slug")
    model = on.model("courses.Course")

    first = generate(text, model, max_length=60)
    model._base_manager.bulk_create([_copy(on.row("course-open"), slug=first)])
    second = generate(text, model, max_length=60)

    assert first
    assert first != second
    assert len(first) <= 60
    assert len(second) <= 60


@contextmanager
def _outrun(model: Any, times: int) -> Iterator[list[Any]]:
    """Another writer stores a row with the very slug that a row is about to be saved with, so many times.

    What the other one has stored stays when the row's own attempt is taken back.
    """
    from django.db import connection
    from django.db.models.signals import pre_save

    rivals: list[Any] = []

    def store(rival: Any) -> None:
        if not model._base_manager.filter(slug=rival.slug).exists():
            model._base_manager.bulk_create([rival])

    def take(instance: Any, **_kwargs: Any) -> None:
        if instance.pk is None and instance.slug and len(rivals) < times:
            name = {"name": f"The rival {len(rivals)}"} if label_of(model) == LABELS["category"] else {}
            rivals.append(_copy(instance, slug=instance.slug, **name))
            store(rivals[-1])

    def restore(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if sql.startswith("ROLLBACK TO"):
            for rival in rivals:
                store(rival)
        return done

    pre_save.connect(take, sender=model, weak=False)
    try:
        with connection.execute_wrapper(restore):
            yield rivals
    finally:
        pre_save.disconnect(take, sender=model)


@finding("MOD-07", writes=True, cases=EACH)
def a_slug_that_is_taken_meanwhile_is_made_anew(on: Probe, kind: str) -> None:
    """Where another writer takes the slug between choosing and saving it, the row is saved all the same, readably."""
    from django.db import IntegrityError, transaction

    row = _named(on, kind, "Contested Reading")
    refused = ""

    with _outrun(on.model(LABELS[kind]), times=2) as rivals:
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as problem:
            refused = str(problem)

    if not rivals and not refused:
        raise NotApplicable("no slug is known before the row is stored: nobody could take it")
    assert refused == "", f"the writer who came second is refused: {refused}"
    assert row.slug.startswith("contested-reading")
    slugs = on.rows(LABELS[kind]).filter(slug__startswith="contested-reading").values_list("slug", flat=True)
    assert sorted(slugs) == sorted({row.slug, *(rival.slug for rival in rivals)})
    assert len(slugs) == len(rivals) + 1


@finding("MOD-07", needs="http", writes=True)
def two_courses_of_one_title(on: Probe) -> None:
    """Two courses of the same title are both created: the first with the plain slug, the other with one like it."""
    sample = on.sample("courses.create")
    body = {**(sample.body or {}), "title": "Contested Writing"}

    answers = [on.send("courses.create", by=sample.principal, body=body) for _ in range(2)]

    assert [answer.status for answer in answers] == [201, 201]
    first, second = (answer.json["slug"] for answer in answers)
    assert first == "contested-writing"
    assert second != first
    assert second.startswith(first)


@finding("MOD-07")
def the_database_keeps_slugs_apart(on: Probe) -> None:
    """Slugs are unique in the database itself, not only in the code that chooses them."""
    for label in LABELS.values():
        meta = on.model(label)._meta
        unique = meta.get_field("slug").unique or any(
            tuple(constraint.fields) == ("slug",) and constraint.condition is None
            for constraint in meta.total_unique_constraints
        )
        assert unique, f"two rows of {label} may have the same slug"
