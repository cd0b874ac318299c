"""`courses/views/mixins.py`: the pages that lists come in."""

from __future__ import annotations

from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

PAGINATED = ("categories.list", "courses.list", "courses.featured", "modules.list", "lessons.list")
# Who asks -> the level that the metadata must name; policy 1 decides it.
LEVELS = {"guest": "guest", "registered": "registered", "premium": "premium", "lapsed": "registered"}
LARGEST = 100


def _page(on: Probe, operation: str, query: str = "", by: str = "guest") -> dict[str, Any]:
    answer = on.send(operation, by=by, query=query)
    assert answer.status == 200, f"{operation}?{query} answers {answer.summary}"
    assert isinstance(answer.json, dict), f"{operation} answers a bare list"
    return dict(answer.json)


@finding(
    "UX-03",
    needs="http",
    cases={
        f"{operation}/{by}": {"operation": operation, "by": by, "level": level}
        for operation in PAGINATED
        for by, level in LEVELS.items()
    },
)
def a_page_names_the_level_of_its_reader(on: Probe, operation: str, by: str, level: str) -> None:
    """The metadata of every page names the level of whoever asks for it, also when others have asked before."""
    other = "premium" if level != "premium" else "guest"
    assert _page(on, operation, by=other)["metadata"]["user_access_level"] == LEVELS[other]

    page = _page(on, operation, by=by)

    assert page["metadata"]["user_access_level"] == level


@finding("GUARD-02", needs="http", cases={name: {"operation": name} for name in PAGINATED})
def a_page_has_its_envelope(on: Probe, operation: str) -> None:
    """A page says how many rows there are, what comes next and before, and holds its rows, all at the top."""
    page = _page(on, operation)

    assert {"count", "next", "previous", "results"} <= set(page)
    assert page["results"]
    assert page["previous"] is None
    assert len(page["results"]) <= page["count"]
    assert (page["next"] is None) == (len(page["results"]) == page["count"])


@finding("GUARD-02", needs="http")
def a_page_is_as_long_as_asked_for(on: Probe) -> None:
    """`page_size` says how many rows a page has, and the next pages go on where it ends."""
    first, second = (_page(on, "lessons.list", f"page_size=2&page={number}") for number in (1, 2))

    assert len(first["results"]) == len(second["results"]) == 2
    assert first["next"]
    assert second["previous"]
    keys = [row["id"] for row in (*first["results"], *second["results"])]
    assert len(set(keys)) == 4, "the second page repeats rows of the first"


@finding("GUARD-02", writes=True)
def no_page_is_longer_than_a_hundred(on: Probe) -> None:
    """However many rows are asked for, a page holds a hundred at most."""
    model = on.model("courses.Category")
    model.objects.bulk_create(
        [
            model(name=f"Category number {number}", slug=f"category-number-{number}", is_active=True)
            for number in range(LARGEST + 1)
        ]
    )
    on.target.clear_caches()

    page = _page(on, "categories.list", "page_size=1000")

    assert page["count"] > LARGEST
    assert len(page["results"]) <= LARGEST


@finding(
    "GUARD-02",
    needs="http",
    cases={name: {"number": name} for name in ("9999", "99999999999999999999")},
)
def there_is_nothing_beyond_the_last_page(on: Probe, number: str) -> None:
    """A page that does not exist is missing (404), while the first one is there."""
    assert _page(on, "categories.list", "page=1")["results"]

    answer = on.send("categories.list", query=f"page={number}")

    assert answer.status == 404, f"page {number} answers {answer.summary}"
