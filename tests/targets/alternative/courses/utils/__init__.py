"""Re-exports of the helpers; the import order keeps this package loadable on its own."""

from . import core as _core
from . import model_helpers as _model_helpers
from .core import *  # noqa: F403
from .model_helpers import *  # noqa: F403
from .sanitisation import sanitize_input as sanitize_input

__version__ = "7.1.0"
_VALIDATION_AVAILABLE = True
MODULE_AVAILABILITY = {"core": True, "model_helpers": True, "sanitisation": True, "validation": True}

_FROM_VALIDATION = {
    "get_unified_access_level": "get_unified_user_access_level",
    "can_user_access_content": "can_user_access_content",
    "validate_course_data": "validate_course_data",
    "validate_lesson_data": "validate_lesson_data",
    "validate_content_security": "validate_content_security",
}


def __getattr__(name):
    # courses.validation imports this package: its names are looked up when somebody asks for them.
    if name in _FROM_VALIDATION:
        from .. import validation

        return getattr(validation, _FROM_VALIDATION[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [*_core.__all__, *_model_helpers.__all__]
