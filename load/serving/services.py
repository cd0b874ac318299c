"""What a served checkout stores its rows and its cache in, told to its processes through the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SERVICES_VARIABLE = "COURSEGATE_LOAD_SERVICES"
# Its budget counts sign-ins by address, and nothing but the throttle probe signs in there.
THROTTLED_SCOPE = "login"


@dataclass(frozen=True)
class Services:
    """Settings of Django, by name; empty for what the overlay says.

    Attributes:
        database: the entry of DATABASES.
        cache: the entry of CACHES.
        rate: the rate of `THROTTLED_SCOPE`, such as "10/min"; all others are raised by the overlay.
    """

    database: Mapping[str, Any] = field(default_factory=dict)
    cache: Mapping[str, Any] = field(default_factory=dict)
    rate: str = ""
