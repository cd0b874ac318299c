"""Validators that take parameters; deconstructible, so that migrations can name them."""

from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _


@deconstructible(path="courses.validators.MinStrLenValidator")
class MinStrLenValidator(BaseValidator):
    """At least `limit_value` characters, blanks around the text not counted."""

    message = _("Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).")
    code = "min_length"

    def compare(self, a, b):
        return a < b

    def clean(self, x):
        return len(str(x).strip()) if x is not None else 0


@deconstructible(path="courses.validators.JSONListValidator")
class JSONListValidator:
    """A JSON list of non-empty strings."""

    def __init__(self, max_items=50, min_str_len=1):
        self.max_items = max_items
        self.min_str_len = min_str_len

    def __call__(self, value):
        if not isinstance(value, list):
            raise ValidationError(_("Expected a list."), code="invalid_list")
        if len(value) > self.max_items:
            raise ValidationError(
                _("At most %(limit)d items are allowed."), code="too_many_items", params={"limit": self.max_items}
            )
        for item in value:
            if not isinstance(item, str) or len(item.strip()) < self.min_str_len or "\x00" in item:
                raise ValidationError(_("Every item must be a non-empty text."), code="invalid_item")

    def __eq__(self, other):
        return (
            isinstance(other, JSONListValidator)
            and self.max_items == other.max_items
            and self.min_str_len == other.min_str_len
        )

    def __hash__(self):
        return hash((self.max_items, self.min_str_len))
