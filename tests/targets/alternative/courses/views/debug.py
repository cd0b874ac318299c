"""Insight into a running process, for the staff."""

from django.conf import settings
from rest_framework.permissions import IsAdminUser
from rest_framework.response import Response

from ..schema import extend_schema
from .mixins import SecureAPIView


class CacheStatsView(SecureAPIView):
    permission_classes = [IsAdminUser]

    @extend_schema(responses=dict)
    def get(self, request):
        caches = {name: entry["BACKEND"].rpartition(".")[2] for name, entry in settings.CACHES.items()}
        return Response({"caches": caches})


class URLPatternsView(SecureAPIView):
    permission_classes = [IsAdminUser]

    @extend_schema(responses=dict)
    def get(self, request):
        # Imported here: the URLconf imports the views.
        from ..urls import urlpatterns

        names = sorted({pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)})
        return Response({"count": len(names), "patterns": names})
