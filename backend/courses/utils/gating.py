"""Who a lesson is locked for, and what they see instead (UX-06, UX-07, UX-08)."""

from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from ..choices import AccessLevel

_COPY = {
    "premium": (
        gettext_noop("Premium content"),
        gettext_noop("Upgrade to a premium subscription to open this lesson."),
    ),
    "registered": (
        gettext_noop("Content for registered learners"),
        gettext_noop("Sign in or create a free account to open this lesson."),
    ),
}


def _template(kind: str) -> str:
    """The notice in the language of this request, with a {title} slot left open."""
    heading, call_to_action = _COPY[kind]
    markup = format_html(
        '<div class="content-gate content-gate-{}" lang="{}">'
        '<h3>{}</h3><p class="content-gate-title">{}</p><p class="content-gate-action">{}</p></div>',
        kind,
        get_language() or settings.LANGUAGE_CODE,
        gettext(heading),
        "{title}",
        gettext(call_to_action),
    )
    return str(markup)


_lazy_template = lazy(_template, str)
# Lazy: the words are chosen when a message is made, not when this module is imported (UX-07).
DEFAULT_PREMIUM_CONTENT_MESSAGE = _lazy_template("premium")
DEFAULT_REGISTERED_CONTENT_MESSAGE = _lazy_template("registered")


def get_restricted_content_message(title: str, access_level: str) -> SafeString:
    """The localised notice for content of `access_level`, with the escaped title in it.

    `lang` on its root element.
    """
    registered = access_level in (AccessLevel.GUEST, AccessLevel.REGISTERED)
    template = DEFAULT_REGISTERED_CONTENT_MESSAGE if registered else DEFAULT_PREMIUM_CONTENT_MESSAGE
    return format_html(str(template), title=title)


def check_lesson_access(user: Any, lesson: Any, request: Any = None) -> bool:
    """Whether the lesson's own fields are open to the user (or the request's), as `visibility` says."""
    # Models import this package.
    from ..viewer import Viewer
    from ..visibility import lesson_open_rule

    viewer = Viewer.of(request) if user is None else Viewer(user)
    return bool(type(lesson)._default_manager.filter(lesson_open_rule(viewer), pk=lesson.pk).exists())
