"""Errors that are nobody's in particular: requests that no view took, and a cache server that is gone.

JSON for the API, Django's pages for everything else.
"""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from redis.exceptions import ConnectionError as CacheUnreachable
from redis.exceptions import TimeoutError as CacheTooSlow
from rest_framework.response import Response
from rest_framework.views import exception_handler

API_PREFIX = "/api/"
# Seconds after which a client may ask again when the cache server was gone.
RETRY_AFTER = 5

logger = logging.getLogger(__name__)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 as `{"detail": ...}` below /api/; never tells why."""
    if request.path_info.startswith(API_PREFIX):
        return JsonResponse({"detail": "Not found."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 as `{"detail": ...}` below /api/."""
    if request.path_info.startswith(API_PREFIX):
        return JsonResponse({"detail": "Server error."}, status=500)
    return defaults.server_error(request)


def answer_outage(problem: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler, and 503 while the cache server is gone.

    Throttles fail closed: who cannot be counted is not let in (SEC-05).
    """
    if isinstance(problem, CacheUnreachable | CacheTooSlow):
        logger.error("the cache server is gone: %s", type(problem).__name__)
        headers = {"Retry-After": str(RETRY_AFTER)}
        return Response({"detail": "Not available for a moment."}, status=503, headers=headers)
    return exception_handler(problem, context)
