"""Views for signed-in callers only."""

from collections.abc import Sequence
from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ..throttling import AnonymousThrottle, SignedInThrottle


class ThrottleMixin:
    """The everyday limits: scopes `anon` and `user`, 429 with Retry-After beyond them."""

    throttle_classes: Sequence[type[BaseThrottle]] = (AnonymousThrottle, SignedInThrottle)


class SecureAPIView(ThrottleMixin, APIView):
    """Signed-in callers, default authentication, everyday limits, answers that nobody stores (VIEW-04)."""

    permission_classes: Sequence[Any] = (IsAuthenticated,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers["X-Content-Type-Options"] = "nosniff"
        final.headers["Cache-Control"] = "no-store"
        return final
