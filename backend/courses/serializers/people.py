"""Other people: id and display name, nothing else (policy 6)."""

from typing import Any

from rest_framework import serializers


def display_name(user: Any) -> str:
    """The full name or the username; never an e-mail address, not even one used as a username."""
    name: str = user.get_full_name()
    return name if "@" not in name else f"User {user.pk}"


class PersonSerializer(serializers.Serializer[Any]):
    """A user as other people see them."""

    id = serializers.IntegerField(read_only=True)
    display_name = serializers.SerializerMethodField()

    def get_display_name(self, user: Any) -> str:
        return display_name(user)
