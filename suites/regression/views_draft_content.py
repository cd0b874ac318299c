"""`courses/views/draft_content.py`: what HTML content in the making may hold, on every way into the database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk
from coursegate.harness.encoding import FORMS, JSON
from coursegate.harness.observation import Answer
from coursegate.harness.probing.markup import active_markup, unbalanced_tags
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.lesson_writes import LESSON_WRITES
from coursegate.suites.regression.started_otherwise import HOSTILE, started

DRAFT_CONTENT = "courses.views.draft_content"
FORMATTING = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "img", "div", "span")
HARMLESS = "<h2>A heading</h2><p>One <strong>bold</strong> and <em>slanted</em> word.</p><ul><li>x</li></ul>"
# What runs inside of something else.
EMBEDDED = (
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe><object data="javascript:alert(2)"></object>'
    '<button formaction="javascript:alert(3)">go</button>'
)
REFUSED = frozenset({400, 415, 422})


@finding("VIEW-01", needs="source", cases={kind: {"kind": kind} for kind in ("list", "frozenset")})
def it_is_imported_with_every_bleach(on: Probe, kind: str) -> None:
    """Draft content is imported, and its HTML made harmless, whatever type bleach's default tags have."""
    told = started(on, kind)

    lacking = {*told["default"], *FORMATTING} - set(told["tags"])
    assert not lacking, f"SAFE_TAGS lacks {sorted(lacking)}"
    assert active_markup(told["cleaned"]) == []
    assert "Words that stay" in told["cleaned"]


MALFORMED = {
    "unclosed": "<p>kept <b>open <i>for ever",
    "nested": "<scr<script>ipt>alert(1)</scr</script>ipt><p>kept</p>",
    "attributes": '<p>kept</p><img src="x" onerror="alert(1)//<img src=x onerror=alert(2)>',
    "half-a-tag": "<p>kept</p><img src=x onerror=alert(1) ",
    "handler": "<p>kept</p><div/onmouseover='alert(1)'>x</div><svg/onload=alert(2)>",
    "scheme": "<p>kept</p><a href=\"&#106;ava&#x0A;script:alert(1)\">x</a><a href='JaVaScRiPt:alert(2)'>y</a>",
    "escaped": "<p>kept</p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;",
    "data": '<p>kept</p><a href="data:text/html,<script>alert(1)</script>">x</a>',
    "null-bytes": "<p>kept</p><scr\x00ipt>alert(1)</scr\x00ipt><a href='java\x00script:alert(2)'>x</a>",
    "comment": "<p>kept</p><!--><script>alert(1)</script>--><![CDATA[<script>alert(2)</script>]]>",
    "crossed": "<b><p>kept</b></p><script src=//x.test/x.js",
    "widths": '<p>kept</p><img src="x.png" srcset="x.png 1x, javascript:alert(1) 2x">',
    "framed": f"<p>kept</p>{EMBEDDED}",
}


@finding("SEC-01", cases={name: {"text": text} for name, text in MALFORMED.items()}, kind=Kind.LEAK)
def malformed_markup_is_made_harmless(on: Probe, text: str) -> None:
    """Malformed HTML comes out balanced, with its words, and with nothing in it that a browser would run."""
    cleaned = on.name(f"{DRAFT_CONTENT}.sanitize_html_content")(text)

    assert active_markup(cleaned) == [], f"{cleaned!r} runs code"
    assert unbalanced_tags(cleaned) == [], f"{cleaned!r} is not balanced"
    assert "kept" in cleaned


@finding("SEC-01")
def formatting_stays_as_it_is(on: Probe) -> None:
    """Formatting that is allowed comes out byte for byte, and a tag that is not goes, while its text stays."""
    sanitise = on.name(f"{DRAFT_CONTENT}.sanitize_html_content")

    assert sanitise(HARMLESS) == HARMLESS
    assert sanitise("<p>One <blink>two</blink></p>") == "<p>One two</p>"


@finding(
    "SEC-01", kind=Kind.ERROR, cases={"none": {"value": None}, "number": {"value": 7}, "list": {"value": []}}
)
def what_is_no_text_raises_nothing(on: Probe, value: Any) -> None:
    """A value that is no text is made into one, or into nothing, without an exception."""
    cleaned = on.name(f"{DRAFT_CONTENT}.sanitize_html_content")(value)

    assert active_markup(str(cleaned)) == []


# What else is sent than the one hostile text as JSON, and as what.
OTHERWISE = ((EMBEDDED, JSON), *((HOSTILE, media) for media in FORMS))
# The fields of a lesson that hold HTML.
LESSON_FIELDS = ("content", "guest_content", "registered_content")
# The operations that write the description of a course or of a module.
DESCRIBED = ("courses", "draft-courses", "draft-modules", "instructor-modules")
DESCRIPTION_WRITES = tuple(
    f"{rows}.{verb}" for rows in DESCRIBED for verb in ("create", "partial_update", "update")
)
WRITES = {name: {"operation": name, "fields": LESSON_FIELDS} for name in LESSON_WRITES}
WRITES["resources.create"] = {"operation": "resources.create", "fields": ("description",)}


@finding("SEC-01", needs="http", kind=Kind.LEAK, writes=True, cases=WRITES)
def what_is_written_is_made_harmless(on: Probe, operation: str, fields: tuple[str, ...]) -> None:
    """HTML that an instructor writes is stored with its formatting; what a browser would run is refused or taken out."""
    cell = samples(on.contract)[operation]
    kept = _written(on, cell, fields, HARMLESS)
    assert kept == dict.fromkeys(fields, HARMLESS), f"formatting is stored as {kept}"

    for field, shown in _written(on, cell, fields, HOSTILE).items():
        assert active_markup(shown) == [], f"{field} is shown as {shown!r}"
        assert unbalanced_tags(shown) == [], f"{field} is shown as {shown!r}"
    for text, media in OTHERWISE:
        for field, shown in _written(on, cell, fields, text, media).items():
            assert active_markup(shown) == [], f"{field}, sent as {media}, is shown as {shown!r}"


@finding("SEC-01", needs="http", kind=Kind.LEAK, writes=True, cases=WRITES)
def what_staff_write_is_made_harmless_too(on: Probe, operation: str, fields: tuple[str, ...]) -> None:
    """Whoever writes HTML, staff among them: what a browser would run in it is refused or taken out."""
    cell = replace(samples(on.contract)[operation], principal="staff")
    request = on.client.request(cell)
    with on.target.undone():
        plain = on.target.send(request)
    check_routed(operation, plain)
    if plain.status >= 400:
        raise CannotAsk(f"staff do not write it at all: {plain.summary}")

    for field, shown in _written(on, cell, fields, HOSTILE).items():
        assert active_markup(shown) == [], f"{field} is shown as {shown!r}"


@finding(
    "SEC-01",
    needs="http",
    kind=Kind.LEAK,
    writes=True,
    cases={name: {"operation": name} for name in DESCRIPTION_WRITES},
)
def a_description_is_made_harmless(on: Probe, operation: str) -> None:
    """The description of a course or of a module is stored with its words, and nothing that a browser would run."""
    words = "A description that is long enough for every minimum length that a model may ask for."
    cell = samples(on.contract)[operation]
    assert words in _written(on, cell, ("description",), words)["description"]

    for text, media in ((HOSTILE, JSON), *OTHERWISE):
        for shown in _written(on, cell, ("description",), words + text, media).values():
            assert active_markup(shown) == [], f"the description, sent as {media}, is shown as {shown!r}"


def _written(on: Probe, cell: Cell, fields: tuple[str, ...], text: str, media: str = JSON) -> dict[str, str]:
    """How a text is shown to its writer once it is written into each of the fields; nothing where it was refused."""
    said = on.contract.api.operations[cell.operation]
    body = on.client.body(cell)
    if media != JSON and "items" in body:
        return {}  # no form holds rows of fields
    for item in body.get("items", [body]):
        item.update(dict.fromkeys(fields, text))
    if "title" in body:
        body["title"] = f"A title for {len(text)} characters"
    subject = cell.subject if said.lookup else ""
    with on.target.undone():
        answer = on.send(cell.operation, subject, by=cell.principal, body=body, media=media)
        if answer.status in REFUSED and active_markup(text):
            return {}
        if said.optional:
            check_routed(cell.operation, answer)
        assert answer.status in {200, 201}, f"{said.method} {said.path} answers {answer.summary}"
        row = _shown(on, cell, answer)
    lacking = [field for field in fields if field not in row]
    assert not lacking, f"{cell.operation} does not show {', '.join(lacking)}"
    return {field: str(row[field]) for field in fields}


def _shown(on: Probe, cell: Cell, answer: Answer) -> dict[str, Any]:
    operation = cell.operation
    if operation == "resources.create" or operation in DESCRIPTION_WRITES:
        row = answer.json
    elif operation == "draft-content.bulk_update":
        row = on.send("draft-content.retrieve", cell.subject, by=cell.principal).json
    else:
        row = on.send("draft-content.retrieve", str(answer.json["id"]), by=cell.principal).json
    assert isinstance(row, dict), f"{operation} shows no object"
    return row
