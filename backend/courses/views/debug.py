"""What operators ask when something is slow or missing: the cache, the routes. For staff (policy 11)."""

from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ..constants import CACHE_TIMEOUTS
from ..health import cache_answers
from ..permissions import IsStaff
from .schema import extend_schema
from .secure import SecureAPIView

API_PREFIX = "api/"


class CacheStatsSerializer(serializers.Serializer[object]):
    """The cache in use and how long answers stay in it; no address, no keys, no content."""

    backend = serializers.CharField()
    answers = serializers.BooleanField()
    default_timeout = serializers.IntegerField(allow_null=True)
    timeouts = serializers.DictField(child=serializers.IntegerField())


class RouteSerializer(serializers.Serializer[object]):
    """One route: its pattern, the name it is reversed by, the view behind it."""

    pattern = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    view = serializers.CharField()


class RoutesSerializer(serializers.Serializer[object]):
    total = serializers.IntegerField()
    patterns = RouteSerializer(many=True)


class CacheStatsView(SecureAPIView):
    """Which cache answers, and the timeouts by view."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=CacheStatsSerializer)
    def get(self, request: Request) -> Response:
        stats = {
            "backend": settings.CACHES["default"]["BACKEND"].rpartition(".")[2],
            "answers": cache_answers(),
            "default_timeout": cache.default_timeout,
            "timeouts": CACHE_TIMEOUTS,
        }
        return Response(CacheStatsSerializer(stats).data)


class URLPatternsView(SecureAPIView):
    """Every route of the API."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=RoutesSerializer)
    def get(self, request: Request) -> Response:
        routes = [route for route in _routes(get_resolver()) if str(route["pattern"]).startswith(API_PREFIX)]
        return Response(RoutesSerializer({"total": len(routes), "patterns": routes}).data)


def _routes(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[dict[str, str | None]]:
    """The routes below a resolver, with full patterns and names."""
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = namespace + entry.name if entry.name else None
            yield {"pattern": pattern, "name": name, "view": entry.lookup_str}
        else:
            below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _routes(entry, pattern, below)
