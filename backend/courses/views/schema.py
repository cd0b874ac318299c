"""drf-spectacular's decorators, or harmless stand-ins where it is not installed (VIEW-08)."""

from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler")

try:
    from drf_spectacular.utils import OpenApiParameter, extend_schema

    HAS_DRF_SPECTACULAR = True
except ImportError:
    HAS_DRF_SPECTACULAR = False

    class OpenApiParameter:  # type: ignore[no-redef]
        """Takes a parameter's description and forgets it."""

        QUERY = "query"

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            pass

    def extend_schema(*args: Any, **kwargs: Any) -> Callable[[Handler], Handler]:  # type: ignore[misc]
        """A decorator that leaves the handler as it is, its name and text included."""
        return lambda handler: handler


def query_parameters(**descriptions: str) -> list[OpenApiParameter]:
    """Optional text parameters of a list operation, by name."""
    return [
        OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description)
        for name, description in descriptions.items()
    ]


__all__ = ["HAS_DRF_SPECTACULAR", "OpenApiParameter", "extend_schema", "query_parameters"]
