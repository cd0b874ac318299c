"""`courses/views/public.py`: query parameters that make no sense, or too much of it."""

from __future__ import annotations

import inspect
from typing import Any
from urllib.parse import quote

from coursegate.harness.client import rows_of
from coursegate.harness.observation import Exchange, Request
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

PAGES = ("page", "page_size")
PARAMETERS = {
    "courses.list": (
        *PAGES,
        "min_price",
        "max_price",
        "is_featured",
        "has_certificate",
        "category",
        "category_id",
        "level",
    ),
    "courses.featured": PAGES,
    "categories.list": (*PAGES, "featured"),
    "modules.list": (*PAGES, "course_id", "course"),
    "lessons.list": (*PAGES, "course_id", "module_id", "free_preview", "access_level"),
    "search.list": ("limit", "page"),
}
ODD = (
    "",
    "abc",
    "-1",
    "-99999999999999999999",
    "99999999999999999999",
    "9" * 35,
    "1e400",
    "NaN",
    "true",
    "١٢",
    "\u0000",
    "'",
)
MOST = 100


def _rows(on: Probe, operation: str, query: str) -> tuple[int, list[Any], int]:
    """The status of a list, the keys of its rows, and how many it says there are; for an error page none."""
    said = on.contract.api.operations[operation]
    answer = on.send(operation, query=query)
    if answer.status != 200:
        return answer.status, [], 0
    rows = rows_of(answer, said.rows_at) or []
    return 200, [row["id"] for row in rows], answer.json[said.total_at or "count"]


def _everything(on: Probe, operation: str) -> set[Any]:
    """The keys of what a guest sees without any parameter that narrows, on all pages."""
    said = on.contract.api.operations[operation]
    request = Request("GET", f"{said.path}?{said.query or f'page_size={MOST}'}")
    pages = on.client.pages(Exchange(request, on.target.send(request)))
    return {row["id"] for page in pages for row in rows_of(page.answer, said.rows_at) or []}


@finding(
    "GUARD-03",
    needs="http",
    kind=Kind.ERROR,
    cases={
        f"{operation}/{name}": {"operation": operation, "name": name}
        for operation, names in PARAMETERS.items()
        for name in names
    },
)
def an_odd_value_breaks_nothing(on: Probe, operation: str, name: str) -> None:
    """A parameter as text, negative, huge, empty, repeated or in another script gives no error, and no row more."""
    everything = _everything(on, operation)
    assert everything, f"{operation} has no rows"
    said = on.contract.api.operations[operation]
    # Short pages are enough, but where their length is what is asked about.
    beside = ["q=sentence", "type=courses", "limit=1"] if said.query else ["page_size=1"]
    kept = [part for part in beside if not part.startswith(f"{name}=")]

    for odd in (*(f"{name}={quote(value)}" for value in ODD), f"{name}=1&{name}=abc", f"{name}[]=1"):
        query = "&".join([*kept, odd])
        status, found, total = _rows(on, operation, query)

        assert status in {200, 400, 404}, f"{operation}?{query} answers {status}"
        assert set(found) <= everything, f"{operation}?{query} shows rows that it does not show without"
        assert total <= len(everything), f"{operation}?{query} counts {total} of {len(everything)} rows"
        assert len(found) <= MOST, f"{operation}?{query} shows {len(found)} rows at once"


@finding("GUARD-03", commits=True)
def an_answer_is_about_its_own_query(on: Probe) -> None:
    """What a list answers to one query is nothing that is answered to another one, which differs in capitals alone."""
    slug = on.world.lookups["category-open"]["slug"]
    on.target.clear_caches()
    fresh = _rows(on, "courses.list", f"category={slug}")
    assert fresh[1], "the list finds no course of a category"

    on.target.clear_caches()
    _rows(on, "courses.list", f"category={slug.upper()}")

    assert _rows(on, "courses.list", f"category={slug}") == fresh


@finding("GUARD-03")
def the_conversion_keeps_its_signature(on: Probe) -> None:
    """`safe_int_conversion(value, default, min_value, max_value)` gives a number within its bounds, or the default."""
    convert = on.name("courses.views.mixins.safe_int_conversion")

    assert list(inspect.signature(convert).parameters)[:4] == ["value", "default", "min_value", "max_value"]
    assert convert("7", 3, 1, 50) == 7
    odd: Any
    for odd in ("abc", "", None, "NaN", "1e3", [], {}, "½"):
        assert convert(odd, 3, 1, 50) == 3, f"{odd!r} is taken for a number"
    for far, bound in (("-99999999999999999999", 1), ("99999999999999999999", 50)):
        assert convert(far, 3, 1, 50) in {3, bound}
