"""Names that are answered for the time being: the schema marks them as deprecated, where a schema is made (ARCH-05)."""

from collections.abc import Callable
from typing import TypeVar

Decorated = TypeVar("Decorated", bound=type)


def deprecates(*names: str) -> Callable[[Decorated], Decorated]:
    """Marks fields of a serializer that go with the next breaking release."""
    try:
        from drf_spectacular.utils import extend_schema_serializer
    except ImportError:
        return lambda serializer: serializer
    return extend_schema_serializer(deprecate_fields=list(names))


__all__ = ["deprecates"]
