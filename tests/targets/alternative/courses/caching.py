"""The data cache, for values that can be computed again: one that cannot be reached is an empty one."""

import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)


def _quietly(operation, *args):
    try:
        return operation(*args)
    except Exception:
        # Each backend has failures of its own, and none of them is worth the answer.
        logger.warning("The cache cannot be reached", exc_info=True)
        return None


def recall(key):
    return _quietly(cache.get, key)


def remember(key, value, timeout):
    _quietly(cache.set, key, value, timeout)


def forget(*keys):
    _quietly(cache.delete_many, keys)
