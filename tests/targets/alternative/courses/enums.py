"""Base of the enumerations: TextChoices whose old calling conventions still work."""

from django.db.models import TextChoices
from django.db.models.enums import ChoicesType


class CallableList(list):
    """A list that may also be called: `X.choices` is Django's spelling, `X.choices()` the one it replaces."""

    def __call__(self):
        return list(self)


class LegacyChoicesType(ChoicesType):
    """Metaclass that serves `choices` and `values` as callable lists."""

    @property
    def choices(cls):
        return CallableList((member.value, member.label) for member in cls)

    @property
    def values(cls):
        return CallableList(member.value for member in cls)


class LegacyTextChoices(TextChoices, metaclass=LegacyChoicesType):
    """TextChoices with the `code` attribute of the old tuples."""

    @property
    def code(self):
        return self.value
