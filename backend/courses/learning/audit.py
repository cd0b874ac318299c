"""A line in the log for what nobody asked for by name."""

import logging
from collections.abc import Mapping
from typing import Any

logger = logging.getLogger(__name__)


def audit_signal_action(
    action: str,
    model_name: str,
    instance_id: int | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Logs what a signal did to which row; ids, never values."""
    logger.info("%s of %s %s %s", action, model_name, instance_id, dict(metadata or {}))
