"""Ordering of the tiers; free of models, so that every layer may import it."""

ACCESS_HIERARCHY = {"guest": 0, "registered": 1, "premium": 2}

# Content marked with one of these asks for the tier on the right: there is no fourth tier of people.
CONTENT_LEVEL_ALIASES = {"enterprise": "premium"}

KNOWN_LEVELS = [*ACCESS_HIERARCHY, *CONTENT_LEVEL_ALIASES]


def _rank(level):
    level = str(getattr(level, "value", level) or "").strip().lower()
    return ACCESS_HIERARCHY.get(CONTENT_LEVEL_ALIASES.get(level, level))


def can_user_access_content(user_access_level, required_level):
    """Whether a tier covers what content asks for; anything unknown is refused."""
    have, need = _rank(user_access_level), _rank(required_level)
    return have is not None and need is not None and have >= need


def content_levels_for(user_access_level):
    """Values of `Lesson.access_level` that a tier may read."""
    return [level for level in KNOWN_LEVELS if can_user_access_content(user_access_level, level)]
