"""What the service says about itself: its version, its health."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..constants import CACHE_TIMEOUTS
from ..health import cache_answers, database_answers
from ..serializers.utils import HealthCheckSerializer, VersionInfoSerializer
from .schema import extend_schema
from .secure import ThrottleMixin

ENDPOINTS = {
    "categories": "courses:category-list",
    "courses": "courses:course-list",
    "modules": "courses:module-list",
    "lessons": "courses:lesson-list",
    "enrollments": "courses:enrollment-list",
    "progress": "courses:progress-list",
    "reviews": "courses:review-list",
    "notes": "courses:note-list",
    "certificates": "courses:certificate-list",
    "statistics": "courses:me-stats",
    "search": "courses:search",
    "featured": "courses:featured",
    "health": "courses:api-health-check",
}
DOCUMENTATION = {"openapi_schema": "schema", "swagger_ui": "swagger-ui", "redoc": "redoc"}
FEATURES = ["access_levels", "certificates", "course_versions", "progress_tracking", "weighted_search"]


class APIVersionView(ThrottleMixin, APIView):
    """The version of the API, its endpoints and its documentation (ARCH-05)."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=VersionInfoSerializer)
    def get(self, request: Request) -> Response:
        """The same for everybody, so anybody on the way may keep it."""
        info = {
            "api_version": settings.API_VERSION,
            "version": settings.API_VERSION,
            "features": FEATURES,
            "endpoints": {key: reverse(name) for key, name in ENDPOINTS.items()},
            "documentation": {key: reverse(name) for key, name in DOCUMENTATION.items()},
        }
        return Response(VersionInfoSerializer(info).data, headers=_kept_for(CACHE_TIMEOUTS["version"]))


class APIHealthCheckView(APIView):
    """Whether the service answers; without limits, which need the cache and would stop a monitor."""

    permission_classes = (AllowAny,)
    throttle_classes = ()

    @extend_schema(responses={200: HealthCheckSerializer, 503: HealthCheckSerializer})
    def get(self, request: Request) -> Response:
        """200 while the database answers, with a slower service if the cache does not; else 503."""
        database, cache = database_answers(), cache_answers()
        standing = "healthy" if database and cache else "degraded" if database else "unhealthy"
        report = {
            "status": standing,
            "version": settings.API_VERSION,
            "timestamp": timezone.now(),
            "database": _word(database),
            "cache": _word(cache),
        }
        body = HealthCheckSerializer(report).data
        if not database:
            return Response(body, status=status.HTTP_503_SERVICE_UNAVAILABLE, headers=_kept_for(0))
        return Response(body, headers=_kept_for(CACHE_TIMEOUTS["health"]))


def _word(answers: bool) -> str:
    return "ok" if answers else "unavailable"


def _kept_for(seconds: int) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={seconds}" if seconds else "no-store"}
