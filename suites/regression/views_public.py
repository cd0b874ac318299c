"""`courses/views/public.py`: what everybody may ask, and what it must not tell of drafts and certificates."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.judging.likeness import difference
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import ABSENT
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.growing import WHOLE, answer_of
from coursegate.suites.regression.started_otherwise import started, view_modules

PUBLIC = "courses.views.public"


@finding("VIEW-08")
def the_real_decorator_is_used(on: Probe) -> None:
    """With drf-spectacular installed, the views use its own `extend_schema` and `OpenApiParameter`."""
    try:
        from drf_spectacular.utils import OpenApiParameter, extend_schema
    except ImportError:
        raise NotApplicable("drf-spectacular is not installed") from None

    assert on.name(f"{PUBLIC}.extend_schema") is extend_schema
    assert on.name(f"{PUBLIC}.OpenApiParameter") is OpenApiParameter


@finding("VIEW-08")
def the_schema_lists_the_parameters(on: Probe) -> None:
    """The schema of the search names the parameters that it takes."""
    try:
        from drf_spectacular import generators, openapi
    except ImportError:
        raise NotApplicable("drf-spectacular is not installed") from None
    from django.urls import path

    search: Any = on.name(f"{PUBLIC}.UnifiedSearchView")
    documented: Any = type("SearchView", (search,), {"schema": openapi.AutoSchema()})
    generator: Any = generators.SchemaGenerator
    schema = generator(patterns=[path("search/", documented.as_view())]).get_schema(public=True)

    listed = {item["name"] for item in schema["paths"]["/search/"]["get"].get("parameters", [])}
    assert {"q", "type", "limit"} <= listed


@finding("VIEW-08", needs="source")
def the_views_do_without_spectacular(on: Probe) -> None:
    """Without drf-spectacular every module of the views is imported, and a decorated handler stays what it was."""
    told = started(on, "no-spectacular")

    assert told["failed"] == {}
    assert set(told["loaded"]) == set(view_modules(on))
    assert told["handler"] == ["handler", "What a handler says of itself.", "kept"]


def _prices(on: Probe, query: str, language: str = "en") -> tuple[int, set[Any]]:
    """The status of a list of courses, and the keys of those on it; of an error page none."""
    answer = on.send("courses.list", query=f"page_size=100&{query}", headers={"Accept-Language": language})
    assert answer.status < 500, f"courses?{query} answers {answer.summary}"
    return answer.status, {row["id"] for row in rows_of(answer) or []}


BOUNDS = {"max": {"name": "max_price"}, "min": {"name": "min_price"}}


@finding(
    "VIEW-09",
    "GUARD-03",
    needs="http",
    cases=BOUNDS | {f"{bound}-in-german": {**case, "language": "de"} for bound, case in BOUNDS.items()},
)
def a_decimal_comma_is_understood(on: Probe, name: str, language: str = "en") -> None:
    """A price with a decimal comma narrows the list of courses as the same price with a point does, in every language."""
    inside, outside = ("49.99", "49.98") if name == "max_price" else ("49.99", "50.00")
    found = {price: _prices(on, f"{name}={price}", language) for price in (inside, outside)}
    key = on.key("course-open")
    assert key in found[inside][1], f"{name}={inside} leaves out a course of 49.99"
    assert key not in found[outside][1], f"{name}={outside} lets a course of 49.99 pass"

    for price, with_point in found.items():
        assert _prices(on, f"{name}={price.replace('.', ',')}", language) == with_point


@finding("VIEW-09", "GUARD-03", needs="http", cases=BOUNDS)
def a_bound_between_two_cents_lets_nothing_in(on: Probe, name: str) -> None:
    """A bound with more decimals than a price has lets no course in that lies beyond it."""
    outside = "49.989" if name == "max_price" else "49.991"
    _, everything = _prices(on, "")
    key = on.key("course-open")
    assert key in everything

    status, found = _prices(on, f"{name}={outside}")

    assert status == 400 or key not in found, f"{name}={outside} lets a course of 49.99 pass"


ODD_PRICES = ("abc", "NaN", "-Infinity", "Infinity", "1,234.56", "--5", "", "0x10", "5 5")


@finding("GUARD-03", needs="http", cases={name: {"price": name} for name in ODD_PRICES})
def an_odd_price_shows_nothing_more(on: Probe, price: str) -> None:
    """What is no price is answered with nothing that is not there without it, and with no error of the server."""
    _, everything = _prices(on, "")

    for name in ("max_price", "min_price"):
        status, found = _prices(on, f"{name}={quote(price)}")
        assert status in {200, 400}
        assert found <= everything


@finding("VIEW-09", needs="http", cases={name: {"price": name} for name in ODD_PRICES})
def an_odd_price_hides_nothing_silently(on: Probe, price: str) -> None:
    """What is no price is ignored or refused with 400: never an error, never a filter on 0.00."""
    _, everything = _prices(on, "")
    assert everything

    for name in ("max_price", "min_price"):
        status, found = _prices(on, f"{name}={quote(price)}")
        assert (status == 400 and not found) or found == everything, (
            f"{len(found)} of {len(everything)} are left"
        )


@finding("VIEW-09", "GUARD-03")
def the_conversion_keeps_its_signature(on: Probe) -> None:
    """`safe_decimal_conversion(value, default)` takes point and comma, and gives the default for what is no number."""
    convert = on.name("courses.views.mixins.safe_decimal_conversion")

    assert list(inspect.signature(convert).parameters)[:2] == ["value", "default"]
    assert convert("12.34", None) == convert("12,34", None) == Decimal("12.34")
    odd: Any
    for odd in ("abc", "NaN", "Infinity", "", None, [], "1.2.3"):
        assert convert(odd, Decimal(7)) == Decimal(7), f"{odd!r} is taken for a number"


LISTS = ("courses.list", "courses.featured", "featured.list", "search.list")
READERS = ("guest", "registered")


@finding(
    "VIEW-10",
    needs="http",
    kind=Kind.LEAK,
    cases={f"{name}/{by}": {"operation": name, "by": by} for name in LISTS for by in READERS},
)
def no_list_holds_a_draft(on: Probe, operation: str, by: str) -> None:
    """Lists and searches hold published courses only, for guests and learners; and they do hold some."""
    said = on.contract.api.operations[operation]
    shown = "course-featured" if said.collection == "featured-courses" else "course-open"
    hidden = {on.key(name): name for name in _drafts(on)}

    # The metadata of the search and of the featured ones is not paged; a hundred rows hold all of this world.
    answer = answer_of(on, operation, by, said.query or WHOLE)
    keys = [row["id"] for row in rows_of(answer, said.rows_at) or []]

    assert on.key(shown) in keys, f"{operation} does not hold {shown}"
    assert [hidden[key] for key in keys if key in hidden] == []


def _drafts(on: Probe) -> list[str]:
    objects = on.contract.world.objects
    return [
        name
        for name, item in objects.items()
        if item.model == "courses.Course" and name in on.world.ids and not item.fields["is_published"]
    ]


BY_SLUG = {
    "courses.retrieve": READERS,
    "courses.versions": READERS,
    "courses.partial_update": ("registered",),
    "courses.enroll": ("registered",),
    "course-enrollment.create": ("registered",),
    "course-progress.retrieve": ("registered",),
}


@finding(
    "VIEW-10",
    needs="http",
    kind=Kind.LEAK,
    writes=True,
    cases={
        f"{name}/{by}": {"operation": name, "by": by} for name, readers in BY_SLUG.items() for by in readers
    },
)
def a_draft_is_as_missing(on: Probe, operation: str, by: str) -> None:
    """A draft's slug is answered as one that never existed, by status and body; a published course is not."""
    body: Any = {} if on.contract.api.operations[operation].method != "GET" else None
    draft, missing = on.named("course-draft", "slug"), NEVER_EXISTED["slug"]
    known = on.send(operation, "course-open", by=by, body=body)
    assert known.status not in ABSENT, f"a published course is answered {known.summary}"

    def control() -> Answer:
        return on.send(operation, missing, by=by, body=body)

    answer, never = on.send(operation, draft, by=by, body=body), control()

    assert never.status == 404, f"a slug that never existed is answered {never.summary}"
    differs = difference(answer, never, (draft, missing), control)
    assert not differs, (
        f"a draft is answered {answer.summary}, a slug that never existed otherwise: {differs}"
    )


@finding("VIEW-10", needs="http", kind=Kind.LEAK, cases={by: {"by": by} for by in READERS})
def no_version_tells_of_a_draft(on: Probe, by: str) -> None:
    """A published course names its unpublished next version to its instructors, and to nobody else."""
    key, slug = on.key("course-open-next"), on.named("course-open-next", "slug")
    own = on.send("courses.versions", "course-open", by="owner")
    assert _mentions(own, key, slug), "its owner is not shown the next version"

    for operation in ("courses.versions", "courses.retrieve"):
        shown = on.send(operation, "course-open", by=by)

        assert shown.status == 200
        assert not _mentions(shown, key, slug), f"{operation} shows {by} the next version"


@finding(
    "VIEW-10",
    needs="http",
    cases={
        "the-owner": {"by": "owner", "children": ("course-open-next",)},
        "a-reader": {"by": "registered", "children": ()},
    },
)
def a_course_names_its_next_versions(on: Probe, by: str, children: tuple[str, ...]) -> None:
    """`version_info` of a course holds exactly the versions made of it that its reader may see, and where it comes from."""
    info = on.send("courses.retrieve", "course-open", by=by).json.get("version_info") or {}

    named = info.get("children") or ()
    assert len(named) == len(children), f"named as versions made of it are {named}"
    for name in children:
        assert _is_named(named, on.key(name), on.named(name, "slug")), (
            f"named as versions made of it are {named}"
        )
        made = on.send("courses.retrieve", name, by=by).json.get("version_info") or {}
        assert not made.get("children"), "nothing was made of it"
    assert not info.get("parent"), "it was made of no other course"


def _is_named(rows: Any, key: Any, slug: str) -> bool:
    """Whether rows name a course, however they show it: by its id, by its slug, or as an object that has one of them."""
    known = {str(key), slug}
    return any(known & set(map(str, row.values() if isinstance(row, dict) else [row])) for row in rows)


def _mentions(answer: Answer, key: Any, slug: str) -> bool:
    return slug in answer.text or re.search(rf'"(id|pk)":\s*{key}\b', answer.text) is not None
