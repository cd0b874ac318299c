"""The account as its owner sees and edits it; role, staff flag and tier are never writable."""

from typing import Any

from courses.utils import sanitize_input
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from ..models import CustomUser, Profile
from ..models.account import EMAIL_PATTERN, USERNAME_PATTERN
from .subscriptions import SubscriptionSerializer


class PlainTextField(serializers.CharField):
    """Text without markup (SEC-01)."""

    def to_internal_value(self, data: Any) -> str:
        return sanitize_input(super().to_internal_value(data))


class PlainTextModelSerializer(serializers.ModelSerializer[Any]):
    """A ModelSerializer whose texts are plain text."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: PlainTextField,
        models.TextField: PlainTextField,
    }


class ProfileSerializer(PlainTextModelSerializer):
    """The owner's profile; the picture has no upload operation and is read-only here."""

    class Meta:
        model = Profile
        exclude = ("id", "user")
        read_only_fields = ("profile_picture", "created_at", "updated_at")


class UserDetailSerializer(PlainTextModelSerializer):
    """`/profile/me/`: names and profile can be written, everything else is the server's (policies 1, 2)."""

    profile = ProfileSerializer(required=False)
    subscription = SubscriptionSerializer(read_only=True)

    class Meta:
        model = CustomUser
        fields = (
            "id",
            "email",
            "username",
            "first_name",
            "last_name",
            "role",
            "is_email_verified",
            "date_joined",
            "last_login",
            "profile",
            "subscription",
        )
        read_only_fields = (
            "id",
            "email",
            "username",
            "role",
            "is_email_verified",
            "date_joined",
            "last_login",
        )

    @transaction.atomic
    def update(self, instance: CustomUser, validated_data: dict[str, Any]) -> CustomUser:
        """Write the names and profile columns that were sent, and no other column."""
        profile_data = validated_data.pop("profile", {})
        if validated_data:
            _assign(instance, validated_data)
        if profile_data:
            profile, _created = Profile.objects.get_or_create(user=instance)
            _assign(profile, profile_data, "updated_at")
            instance.profile = profile
        return instance


class UserCreateSerializer(PlainTextModelSerializer):
    """Registration: always a student on the free tier, whatever else the body says."""

    email = serializers.EmailField(
        max_length=254,
        validators=[
            RegexValidator(EMAIL_PATTERN),
            UniqueValidator(CustomUser.objects.all(), _("A user with that email already exists."), "iexact"),
        ],
    )
    username = serializers.CharField(
        max_length=150,
        validators=[
            MinLengthValidator(3),
            RegexValidator(USERNAME_PATTERN),
            UniqueValidator(
                CustomUser.objects.all(), _("A user with that username already exists."), "iexact"
            ),
        ],
    )
    password = serializers.CharField(write_only=True, max_length=128, trim_whitespace=False)

    class Meta:
        model = CustomUser
        fields = ("id", "email", "username", "first_name", "last_name", "password")

    def validate_email(self, value: str) -> str:
        return value.lower()

    def validate_username(self, value: str) -> str:
        if value.lower() in {name.lower() for name in settings.RESERVED_USERNAMES}:
            raise serializers.ValidationError(_("This username is reserved."), code="reserved")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in attrs.items() if name != "password"}
        try:
            validate_password(attrs["password"], CustomUser(**known))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> CustomUser:
        try:
            with transaction.atomic():
                return CustomUser.objects.create_user(**validated_data)
        except IntegrityError as error:
            # Somebody registered the same address or name since it was checked.
            message = _("A user with that email or username already exists.")
            raise serializers.ValidationError({"email": [message]}, code="unique") from error


def _assign(instance: models.Model, values: dict[str, Any], *also: str) -> None:
    for name, value in values.items():
        setattr(instance, name, value)
    instance.save(update_fields=[*values, *also])
