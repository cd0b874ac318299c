"""Work that follows a commit and must not fail it."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def after_commit(work: Callable[..., object], *args: Any) -> None:
    """Does the work once the transaction has committed; what goes wrong is logged, for the rows stand.

    Django's own `robust=True` logs the callable's name, and breaks on one that has none, like a partial.
    """

    def follow() -> None:
        try:
            work(*args)
        except Exception:  # storages, queues and caches raise errors of their own
            logger.exception("%s failed after the commit", getattr(work, "__qualname__", repr(work)))

    transaction.on_commit(follow)
