"""Path templates of OpenAPI: `/api/courses/{slug}/`, where one segment stands for a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_PARAMETER = re.compile(r"{(\w+)}")


def parameters_of(template: str) -> list[str]:
    """The names of its parameters, in their order."""
    return _PARAMETER.findall(template)


@cache  # every route is compared with every operation
def shape_of(template: str) -> str:
    """The template without the names of its parameters: two of one shape are one path."""
    return _PARAMETER.sub("{}", template)


def pattern_of(template: str) -> re.Pattern[str]:
    """What matches the whole of each path of a template; its groups are the values of the parameters."""
    # Of every three parts the second one is the name of a parameter.
    return re.compile("([^/]+)".join(map(re.escape, _PARAMETER.split(template)[::2])))


def filled(template: str, values: Iterable[str]) -> str:
    """A path of the template.

    Args:
        values: of its parameters, in their order.
    """
    left = iter(values)
    return _PARAMETER.sub(lambda _match: next(left), template)
