"""`courses/views/public.py`: the search, the best match first and one page at a time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.growing import shelve

SEARCH, TERM = "search.list", "zeppelin"
FIELDS = ("title", "description", "subtitle")
COURSES = ("course-open", "course-peer", "course-featured")
# Three courses that stand as they fall would fall into one order once in thirty times; thrice over, in none that matters.
ASKINGS = 3
WORDS = "A text about airships of all kinds, long enough for every minimum length of a description"
# Found in every name and title of the world.
COMMON = "sentence"


def _put(on: Probe, name: str, field: str, term: str = TERM) -> None:
    """Write the term into one field of a course, and into no other."""
    body = {other: f"{WORDS}, {name}, and its {other}"[:150] for other in FIELDS}
    body[field] = f"{body[field]}: {term}"
    answer = on.send("courses.partial_update", name, by="staff", body=body)
    assert answer.status == 200, f"staff cannot write a course: {answer.summary}"


BACKWARDS, MIXED = tuple(reversed(FIELDS)), ("subtitle", "title", "description")
ORDERS: dict[str, dict[str, Any]] = {
    f"{operation}/{'-'.join(order)}": {"operation": operation, "order": order}
    for operation in (SEARCH, "courses.list")
    for order in (FIELDS, BACKWARDS, MIXED)
}
ORDERS |= {
    f"{operation}/in-capitals": {"operation": operation, "order": MIXED, "written": TERM.upper()}
    for operation in (SEARCH, "courses.list")
}
# A form whose order nobody has chosen sends it all the same; and who turns pages asks for the first one by its number.
ORDERS |= {
    f"courses.list/{name}": {"operation": "courses.list", "order": MIXED, "query": query}
    for name, query in (("ordered-by-nothing", "&ordering="), ("by-page", "&page=1"))
}


@finding("UX-01", needs="http", writes=True, cases=ORDERS)
def the_best_match_comes_first(
    on: Probe, operation: str, order: tuple[str, ...], written: str = TERM, query: str = ""
) -> None:
    """A match in the title comes before one in the description, and that before one in the subtitle; always alike."""
    for name, field in zip(COURSES, order, strict=True):
        _put(on, name, field, written)
    keys = {field: on.key(name) for name, field in zip(COURSES, order, strict=True)}
    query = f"q={TERM}&type=courses" if operation == SEARCH else f"search={TERM}{query}"

    if query.endswith("&ordering=") and on.send(operation, query=query).status == 400:
        raise NotApplicable("an order that is none is refused, and nothing is shown in it")

    found = [_keys(on, operation, query) for _ in range(2)]

    assert found[0] == [keys[field] for field in FIELDS]
    assert found[1] == found[0]


@finding("UX-01", needs="http", writes=True)
def equal_matches_keep_their_order(on: Probe) -> None:
    """Courses that match equally well stand in one order, on one page as on several."""
    for name in COURSES:
        _put(on, name, "title")

    orders = []
    for _ in range(ASKINGS):
        orders.append(_keys(on, SEARCH, f"q={TERM}&type=courses"))
        apart = [_keys(on, SEARCH, f"q={TERM}&type=courses&limit=1&page={page}") for page in (1, 2, 3)]
        orders.append([key for page in apart for key in page])

    assert sorted(orders[0]) == sorted(on.key(name) for name in COURSES)
    assert [order for order in orders if order != orders[0]] == []


@finding("UX-01", needs="http", cases={kind: {"kind": kind} for kind in ("courses", "categories", "all")})
def an_answer_keeps_its_keys(on: Probe, kind: str) -> None:
    """The answer to a search names the words, the type and the total, and holds results of that type."""
    answer = on.send(SEARCH, query=f"q={COMMON}&type={kind}")

    assert answer.status == 200
    assert answer.json["query"] == COMMON
    assert answer.json["search_type"] == kind
    assert set(_asked_for(kind)) <= set(answer.json["results"])
    assert answer.json["total_results"] > 0


def _keys(on: Probe, operation: str, query: str) -> list[Any]:
    said = on.contract.api.operations[operation]
    answer = on.send(operation, query=query)
    assert answer.status == 200, f"{operation}?{query} answers {answer.summary}"
    return [row["id"] for row in rows_of(answer, said.rows_at) or []]


def _found(on: Probe, kind: str, query: str = "") -> tuple[dict[str, list[Any]], int]:
    """The keys of the results by type, and the total."""
    answer = on.send(SEARCH, query=f"q={COMMON}&type={kind}{query}")
    assert answer.status == 200, f"type={kind}{query} answers {answer.summary}"
    results = answer.json["results"]
    return {name: [row["id"] for row in rows] for name, rows in results.items()}, answer.json["total_results"]


KINDS = {kind: {"kind": kind} for kind in ("courses", "categories", "all")}


def _asked_for(kind: str) -> tuple[str, ...]:
    return ("courses", "categories") if kind == "all" else (kind,)


@finding("UX-02", needs="http", cases=KINDS)
def the_limit_counts_for_every_type(on: Probe, kind: str) -> None:
    """No type has more results than the limit, and the total is that of all matches, or of those shown."""
    everything, total = _found(on, kind, "&limit=50")
    for name in _asked_for(kind):
        assert len(everything[name]) > 1, f"the world holds too few {name} to judge a limit"
    assert total == sum(len(rows) for rows in everything.values()), "it counts what is on no page"

    for limit in (1, 2):
        found, said = _found(on, kind, f"&limit={limit}")

        assert all(len(rows) <= limit for rows in found.values()), f"limit={limit} gives {found}"
        assert all(found[name] for name in _asked_for(kind))
        assert said in {total, sum(len(rows) for rows in found.values())}


@finding("UX-02", needs="http", cases=KINDS)
def every_type_has_pages(on: Probe, kind: str) -> None:
    """The pages of a search, one after the other, hold each match of each type once."""
    everything, _ = _found(on, kind, "&limit=50")
    longest = max(len(rows) for rows in everything.values())

    pages = [_found(on, kind, f"&limit=1&page={page}")[0] for page in range(1, longest + 1)]

    for name in _asked_for(kind):
        assert [key for page in pages for key in page[name]] == everything[name]


@finding("UX-02", needs="http", cases=KINDS)
def nothing_follows_the_last_page(on: Probe, kind: str) -> None:
    """The last page of a search names no next one, and what is asked for behind it is missing, or empty."""
    everything, _ = _found(on, kind, "&limit=50")
    last = max(len(rows) for rows in everything.values())
    asked = f"q={COMMON}&type={kind}&limit=1"

    first, end, behind = (on.send(SEARCH, query=f"{asked}&page={page}") for page in (1, last, last + 1))

    assert (first.status, end.status) == (200, 200)
    assert end.json.get("next") is None, f"page {last} of {last} names a next one"
    assert "next" not in first.json or first.json["next"], f"page 1 of {last} names none"
    assert behind.status in {400, 404} or not any(behind.json["results"].values())


@finding("UX-02", needs="http", cases=KINDS)
def its_links_keep_what_was_asked_for(on: Probe, kind: str) -> None:
    """Who follows the links of a search from page to page is shown each match once, by as many as the first page had."""
    everything, _ = _found(on, kind, "&limit=50")
    query = f"q={COMMON}&type={kind}&limit=2"
    shown: dict[str, list[Any]] = {name: [] for name in _asked_for(kind)}

    for number in range(sum(map(len, everything.values()))):
        answer = on.send(SEARCH, query=query)
        assert answer.status == 200, f"page {number + 1} is answered {answer.summary}"
        if not isinstance(answer.json.get("next", 0), str | None):
            raise NotApplicable("a search has no links")
        for name, keys in shown.items():
            keys += [row["id"] for row in answer.json["results"][name]]
        if answer.json["next"] is None:
            break
        query = urlsplit(answer.json["next"]).query

    assert shown == {name: everything[name] for name in shown}


@finding("UX-02", writes=True, cases={kind: {"kind": kind} for kind in ("categories", "all")})
def the_pages_hold_what_there_is_more_of(on: Probe, kind: str) -> None:
    """Where more categories match than courses, the pages of a search hold each of them, too."""
    courses = len(_found(on, "courses", "&limit=50")[0]["courses"])
    # Courses that do not match, each in a category that does.
    others = {"subtitle": "", "description": WORDS}
    shelve(on, 0, courses + 3, lambda _on, number: {"title": f"Airships, {number}", **others})
    on.target.clear_caches()
    everything = _found(on, "categories", "&limit=50")[0]["categories"]

    pages = [_found(on, kind, f"&limit=2&page={page}")[0] for page in range(1, (len(everything) + 3) // 2)]

    assert len(everything) > courses, "too few categories are found"
    assert sorted(key for page in pages for key in page["categories"]) == sorted(everything)


# What is asked for -> how many there may be; a number out of range is ignored, or the nearest one in it.
LIMITS = {"none": ("", {10}), "abc": ("abc", {10}), "zero": ("0", {1, 10}), "negative": ("-3", {1, 10})}
LIMITS |= {"fraction": ("1.5", {10}), "huge": ("999999999999", {10, 50})}


@finding(
    "UX-02",
    writes=True,
    cases={name: {"text": text, "allowed": allowed} for name, (text, allowed) in LIMITS.items()},
)
def without_a_limit_there_are_ten(on: Probe, text: str, allowed: set[int]) -> None:
    """Without a limit, or with one that makes no sense, a search gives ten of each type; with a huge one fifty at most."""
    shelve(on, 0, 51, lambda _on, _number: {})
    on.target.clear_caches()
    limit = f"&limit={text}" if text else ""

    lengths = {
        f"type={kind}: {name}": len(_found(on, kind, limit)[0][name])
        for kind in KINDS
        for name in _asked_for(kind)
    }

    assert {where: rows for where, rows in lengths.items() if rows not in allowed} == {}
