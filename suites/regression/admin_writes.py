"""`courses/admin.py`: what the pages store of the HTML that staff write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.admin_pages import pages_about
from coursegate.harness.probing.markup import active_markup
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.admin import EDITING, client_of_staff
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


@finding("policy 2", kind=Kind.EFFECT, writes=True)
def nobody_raises_themselves_in_the_admin(on: Probe) -> None:
    """Staff who may change accounts, and are no superusers, do not make themselves one on the page of their own account."""
    own = on.row("staff")
    page, *_ = pages_about(own)
    clerk, path = client_of_staff(on, *EDITING, app=own._meta.app_label), page.path("change", own.pk)
    context = clerk.get(path).context
    if context is None or "adminform" not in context:
        raise NotApplicable("staff are not shown the page of their own account")
    sent = dict(_as_it_stands(context))
    clerk.post(path, {**sent, "first_name": "Another"})
    if on.row("staff").first_name != "Another":
        raise NotApplicable("staff do not change their own account there")

    clerk.post(path, {**sent, "is_superuser": "on"})

    assert not on.row("staff").is_superuser, "they have made themselves a superuser"


def _shown(on: Probe, subject: str, field: str, reader: str, text: str) -> str:
    """How a guest is shown the field of an object once somebody on the staff has sent a text in it, taken or not.

    Raises:
        NotApplicable: no admin page writes it.
    """
    row = on.row(subject)
    page, *_ = pages_about(row)
    with on.target.undone():
        boss, path = client_of_staff(on, superuser=True), page.path("change", row.pk)
        context = boss.get(path).context
        if context is None or field not in context["adminform"].form.fields:
            raise NotApplicable(f"the admin page of {page.name} does not write its {field}")
        boss.post(path, {**dict(_as_it_stands(context)), field: text})
        on.target.clear_caches()
        shown = on.send(reader, subject, by="guest").json
    assert isinstance(shown, dict), f"{reader} shows no object"
    return str(shown.get(field))


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
