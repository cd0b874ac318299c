"""The schema's two readers.

Both are served from our own static files, so the page policy widens for styles only. They answer no OPTIONS: their
templates would be filled with a description of the view (CI-02).
"""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

INLINE_STYLES = csp_update({"style-src": [UNSAFE_INLINE], "worker-src": [SELF, "blob:"]})
PAGE_METHODS = ["get", "head"]


@method_decorator(INLINE_STYLES, name="dispatch")
class SwaggerView(SpectacularSwaggerSplitView):
    """Swagger UI without inline script (SEC-02)."""

    http_method_names = PAGE_METHODS


@method_decorator(INLINE_STYLES, name="dispatch")
class RedocView(SpectacularRedocView):
    """Redoc without inline script (SEC-02)."""

    http_method_names = PAGE_METHODS
