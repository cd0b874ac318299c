"""`courses/admin.py`: what the pages store of what staff write and choose there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.admin_pages import Page, pages_about
from coursegate.harness.probing.markup import active_markup
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.admin import client_of_staff
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.started_otherwise import HOSTILE

WORDS = "<p>Words that are long enough for every minimum length which a model or a form may ask for.</p>"
# What is written: the field of a page, and how its reader is shown it.
PLACES = {
    "lesson-content": ("lesson-guest", "content", "lessons.retrieve"),
    "course-description": ("course-open", "description", "courses.retrieve"),
    "module-description": ("module-open", "description", "modules.retrieve"),
}


@finding(
    "SEC-01",
    kind=Kind.LEAK,
    writes=True,
    cases={
        name: {"subject": subject, "field": field, "reader": reader}
        for name, (subject, field, reader) in PLACES.items()
    },
)
def what_staff_write_is_made_harmless(on: Probe, subject: str, field: str, reader: str) -> None:
    """HTML that comes by an admin page is shown to readers with its words, and nothing in it that a browser would run."""
    kept = _shown(on, subject, field, reader, WORDS)
    if WORDS.removeprefix("<p>").removesuffix("</p>") not in kept:
        raise NotApplicable(f"its admin page does not take harmless words, and nothing else, as the {field}")

    shown = _shown(on, subject, field, reader, WORDS + HOSTILE)
    assert active_markup(shown) == [], f"{field} is shown as {shown!r}"


def _shown(on: Probe, subject: str, field: str, reader: str, text: str) -> str:
    """How a guest is shown the field of an object once somebody on the staff has sent a text in it, taken or not."""
    with on.target.undone():
        change(on, client_of_staff(on, superuser=True), subject, **{field: text})
        on.target.clear_caches()
        shown = on.send(reader, subject, by="guest").json
    assert isinstance(shown, dict), f"{reader} shows no object"
    return str(shown.get(field))


def change(on: Probe, client: Any, subject: str, **values: str) -> None:
    """Send the form of an object's own admin page as it stands, but for these values.

    Raises:
        NotApplicable: there is no such page for this client, or it does not write one of them.
    """
    row = on.row(subject)
    page, *_ = pages_about(row)
    _send(client, page, page.path("change", row.pk), values)


def add(on: Probe, client: Any, like: str, **values: str) -> None:
    """Send the empty form for another row of an object's kind, filled with these values.

    Raises:
        NotApplicable: there is no such form for this client, or it does not write one of them.
    """
    page, *_ = pages_about(on.row(like))
    _send(client, page, page.path("add"), values)


def _send(client: Any, page: Page, path: str, values: dict[str, str]) -> None:
    context = client.get(path).context
    if context is None or "adminform" not in context:
        raise NotApplicable(f"no form of {page.name} is shown")
    if without := [name for name in values if name not in context["adminform"].form.fields]:
        raise NotApplicable(f"the admin page of {page.name} does not write its {', '.join(without)}")
    client.post(path, {**dict(_as_it_stands(context)), **values})


def _as_it_stands(context: Any) -> Iterator[tuple[str, Any]]:
    """What a browser sends of a page that nobody has changed; the tables below the form are left as they are."""
    for below in context["inline_admin_formsets"]:
        prefix = below.formset.prefix
        yield from ((f"{prefix}-TOTAL_FORMS", "0"), (f"{prefix}-INITIAL_FORMS", "0"))
    for bound in context["adminform"].form:
        widget = bound.field.widget
        # A choice of rows stands in a frame with links for adding and editing them.
        yield from _inputs(getattr(widget, "widget", widget), bound.html_name, bound.value())


def _inputs(widget: Any, name: str, value: Any) -> Iterator[tuple[str, Any]]:
    from django.forms import CheckboxInput, FileInput, MultiWidget

    if isinstance(widget, MultiWidget):
        own: Any = widget
        parts = zip(own.widgets, own.widgets_names, own.decompress(value), strict=True)
        for part, suffix, value_of_part in parts:
            yield from _inputs(part, name + suffix, value_of_part)
    elif not isinstance(widget, FileInput):
        sent = widget.format_value(value)
        if isinstance(widget, CheckboxInput):
            sent = "on" if widget.check_test(value) else None
        if sent is not None:
            yield name, sent
