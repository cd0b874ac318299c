"""What is shown in place of content that the reader's tier does not cover."""

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

DEFAULT_PREMIUM_CONTENT_MESSAGE = gettext_lazy(
    "“{title}” is premium content. Upgrade to a premium subscription to continue learning."
)
DEFAULT_REGISTERED_CONTENT_MESSAGE = gettext_lazy("“{title}” is for members. Sign in or register to continue learning.")


def get_restricted_content_message(title, access_level):
    """HTML notice naming the course, in the language of the moment; the title is text, whatever it contains."""
    level = str(getattr(access_level, "value", access_level))
    if level in {"premium", "enterprise"}:
        kind, template, heading = "premium", DEFAULT_PREMIUM_CONTENT_MESSAGE, _("Premium content")
    else:
        kind, template, heading = "registered", DEFAULT_REGISTERED_CONTENT_MESSAGE, _("Members only")
    return format_html(
        '<div class="restricted-content restricted-content-{}" lang="{}"><h3>{}</h3><p>{}</p></div>',
        kind,
        get_language() or settings.LANGUAGE_CODE,
        heading,
        format_html(str(template), title=title),
    )
