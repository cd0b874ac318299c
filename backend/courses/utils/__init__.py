"""Small functions of the courses app, one idea per module; all of them are importable from here."""

from ..access_levels import get_unified_user_access_level as get_unified_access_level
from ..constants import can_user_access_content
from . import core, model_helpers
from .core import *  # noqa: F403  # the names are those of core.__all__
from .model_helpers import *  # noqa: F403
from .payloads import validate_course_data, validate_lesson_data
from .sanitisation import sanitize_input, validate_content_security

__version__ = "7.1.0"

# Former feature flags: nothing is optional here any more.
_VALIDATION_AVAILABLE = True
MODULE_AVAILABILITY = {"core": True, "model_helpers": True, "validation": True}

__all__ = [
    *core.__all__,
    *model_helpers.__all__,
    "can_user_access_content",
    "get_unified_access_level",
    "sanitize_input",
    "validate_content_security",
    "validate_course_data",
    "validate_lesson_data",
]
