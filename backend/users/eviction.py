"""Making a changed tier take effect on the next request (policy 1)."""

from functools import partial

from courses.access_levels import clear_user_access_cache
from django.db import transaction


def evict_access_level(user_id: int) -> None:
    """Forget the user's cached level now, and again once the change is committed."""
    clear_user_access_cache(user_id)
    transaction.on_commit(partial(clear_user_access_cache, user_id))
