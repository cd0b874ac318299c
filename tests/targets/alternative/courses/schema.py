"""drf-spectacular where it is installed, stand-ins that change nothing where it is not."""

try:
    from drf_spectacular.openapi import AutoSchema
    from drf_spectacular.utils import OpenApiParameter, extend_schema

    HAS_DRF_SPECTACULAR = True
except ImportError:
    HAS_DRF_SPECTACULAR = False
    from rest_framework.schemas.inspectors import ViewInspector as AutoSchema

    class OpenApiParameter:
        QUERY, PATH, HEADER, COOKIE = "query", "path", "header", "cookie"

        def __init__(self, name, *args, **kwargs):
            self.name = name

    def extend_schema(*args, **kwargs):
        def unchanged(handler):
            return handler

        return unchanged


__all__ = ["HAS_DRF_SPECTACULAR", "AutoSchema", "OpenApiParameter", "extend_schema"]
