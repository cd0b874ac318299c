"""`courses/views/mixins.py`: the pages that lists come in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from coursegate.contracts.world import GUEST
from coursegate.factories.copying import copies
from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.growing import DRAFT, answer_of, is_there, shelve

PAGINATED = ("categories.list", "courses.list", "courses.featured", "modules.list", "lessons.list")
VERSIONS = "courses.versions"
DRAFTS = ("draft-courses.list", "draft-modules.list", "draft-lessons.list")
TAUGHT = ("draft-content.list", "instructor-modules.list")
# Bare in some backends, and then without pages: nothing says that these have any.
BARE = frozenset({VERSIONS, *DRAFTS, *TAUGHT})
# Who asks -> the level that the metadata must name; policy 1 decides it.
LEVELS = {"guest": "guest", "registered": "registered", "premium": "premium", "lapsed": "registered"}
TEACHING = {"owner": "premium", "staff": "premium"}
# Everybody's lists are asked by guests, those of instructors by one.
READER = dict.fromkeys((*PAGINATED, VERSIONS), GUEST) | dict.fromkeys((*DRAFTS, *TAUGHT), "owner")
LARGEST = 100


def _page(on: Probe, operation: str, query: str = "", by: str = GUEST) -> dict[str, Any]:
    """A page of a list.

    Raises:
        NotApplicable: the backend need not have this list, or has it without pages, and does.
    """
    if not is_there(on, operation, by):
        raise NotApplicable(f"this backend has no {operation}")
    answer = answer_of(on, operation, by, query)
    if operation in BARE and isinstance(answer.json, list):
        raise NotApplicable(f"{operation} answers a bare list")
    assert isinstance(answer.json, dict), f"{operation} answers a bare list"
    return dict(answer.json)


def _paginated(on: Probe, operations: tuple[str, ...]) -> list[str]:
    """Those of the lists that this backend has, and has with pages."""
    return [
        name
        for name in operations
        if is_there(on, name, READER[name])
        and not (name in BARE and isinstance(answer_of(on, name, READER[name]).json, list))
    ]


@finding(
    "UX-03",
    needs="http",
    cases={
        f"{operation}/{by}": {"operation": operation, "by": by, "level": level}
        for operation in (*PAGINATED, VERSIONS)
        for by, level in (LEVELS | TEACHING).items()
    },
)
def a_page_names_the_level_of_its_reader(on: Probe, operation: str, by: str, level: str) -> None:
    """The metadata of every page names the level of whoever asks for it, also when others have asked before."""
    other = "premium" if level != "premium" else "guest"
    assert _page(on, operation, by=other)["metadata"]["user_access_level"] == LEVELS[other]

    page = _page(on, operation, by=by)

    assert page["metadata"]["user_access_level"] == level


@finding(
    "UX-03",
    needs="http",
    cases={
        f"{operation}/{by}": {"operation": operation, "by": by, "level": level}
        for operation in (*DRAFTS, *TAUGHT)
        for by, level in TEACHING.items()
    },
)
def a_page_of_what_is_taught_names_the_level(on: Probe, operation: str, by: str, level: str) -> None:
    """The metadata of what instructors list of their own names their level."""
    assert _page(on, operation, by=by)["metadata"]["user_access_level"] == level


@finding("UX-03", "policy 1", writes=True)
def teaching_by_a_row_alone_raises_no_level(on: Probe) -> None:
    """The pages of a learner who assists in one course, and pays for nothing, name the level of any learner."""
    copies([(on.row("assistant-of-course-open"), {"instructor": on.row("registered")})])
    on.target.clear_caches()

    page = _page(on, "lessons.list", by="registered")

    assert page["metadata"]["user_access_level"] == LEVELS["registered"]


@finding(
    "UX-03",
    needs="http",
    cases={
        f"{operation}/{by}": {"operation": operation, "by": by}
        for operation in ("categories.list", "courses.list", "lessons.list")
        for by in (GUEST, "premium")
    },
)
def an_empty_page_names_the_level(on: Probe, operation: str, by: str) -> None:
    """The metadata of a page without rows names the level of whoever asks for it, too."""
    page = _page(on, operation, "search=nothing-says-this-word", by)
    if page["results"]:
        raise NotApplicable(f"{operation} cannot be searched")

    assert page.get("metadata", {}).get("user_access_level") == LEVELS[by]


@finding("GUARD-02", needs="http", cases={name: {"operation": name} for name in READER})
def a_page_has_its_envelope(on: Probe, operation: str) -> None:
    """A page says how many rows there are, what comes next and before, and holds its rows, all at the top."""
    page = _page(on, operation, by=READER[operation])

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


def _shown_everywhere(on: Probe, number: int) -> dict[str, Any]:
    return {
        "is_featured": True,
        "parent_version_id": on.key("course-open"),
        "version": f"{2 + number / 10:.1f}",
    }


@finding(
    "GUARD-02",
    writes=True,
    cases={
        "published": {"operations": (*PAGINATED, VERSIONS, *TAUGHT), "made_for": _shown_everywhere},
        "drafts": {"operations": DRAFTS, "made_for": lambda _on, _number: DRAFT},
    },
)
def no_page_is_longer_than_a_hundred(on: Probe, operations: tuple[str, ...], made_for: Any) -> None:
    """However many rows are asked for, a page of any list holds a hundred at most."""
    there = _paginated(on, operations)
    if not there:
        raise NotApplicable(f"this backend has none of {', '.join(operations)}")
    shelve(on, 0, LARGEST + 1, made_for)
    on.target.clear_caches()

    pages = {name: answer_of(on, name, READER[name], f"page_size={LARGEST + 1}").json for name in there}

    assert [name for name, page in pages.items() if page["count"] <= LARGEST] == [], "did not grow"
    lengths = {name: len(page["results"]) for name, page in pages.items()}
    assert {name: rows for name, rows in lengths.items() if rows > LARGEST} == {}


@finding(
    "GUARD-02",
    needs="http",
    cases={name: {"number": name} for name in ("9999", "99999999999999999999", "0", "-1")},
)
def there_is_nothing_beyond_the_last_page(on: Probe, number: str) -> None:
    """A page that does not exist, behind the last one or before the first, is missing (404) in every list."""
    there = _paginated(on, tuple(READER))
    assert set(PAGINATED) <= set(there)
    first = {name: answer_of(on, name, READER[name], "page=1").json for name in there}
    assert [name for name, page in first.items() if not page["results"]] == [], "these are empty"

    answers = {name: _beyond(on, name, number) for name in there}

    assert {name: answer.summary for name, answer in answers.items() if answer.status != 404} == {}


def _beyond(on: Probe, operation: str, number: str) -> Answer:
    subject = "course-open" if operation == VERSIONS else ""
    return on.send(operation, subject, by=READER[operation], query=f"page={number}")


@finding("GUARD-02", needs="http", commits=True)
def links_lead_to_the_host_that_was_asked(on: Probe) -> None:
    """The links of a list lead to the host that it was asked by, whichever one somebody else has asked by just now."""
    on.target.clear_caches()
    path = on.contract.api.operations["courses.list"].path
    led: dict[str, str] = {}
    for host in ("one.example.test", "another.example.test"):
        answer = on.ask("GET", f"{path}?page_size=1", headers={"Host": host})
        if answer.status != 200 or not answer.json.get("next"):
            raise NotApplicable(f"a list is not answered to {host} with a link: {answer.summary}")
        led[host] = urlsplit(answer.json["next"]).netloc or host

    assert led == {host: host for host in led}
