"""Payloads of accounts and subscriptions."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import RegexValidator
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from .models import CustomUser, Profile, Subscription


class SubscriptionSerializer(serializers.ModelSerializer):
    """Tier, status and dates change by the actions only: nobody grants himself a tier with PATCH."""

    is_active = serializers.BooleanField(read_only=True)
    days_remaining = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "tier",
            "status",
            "start_date",
            "end_date",
            "is_auto_renew",
            "last_payment_date",
            "next_payment_date",
            "payment_method",
            "amount_paid",
            "is_active",
            "days_remaining",
        ]
        read_only_fields = [name for name in fields if name not in {"is_auto_renew", "payment_method"}]


class TierChangeSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(choices=["registered", "premium"], required=False)
    payment_method = serializers.ChoiceField(choices=Subscription.PAYMENT_CHOICES, required=False, default="demo")
    payment_id = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    is_auto_renew = serializers.BooleanField(required=False, default=False)
    days = serializers.IntegerField(required=False, min_value=1, max_value=366, default=30)


class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        exclude = ["id", "user"]
        read_only_fields = ["created_at", "updated_at"]


class UserSerializer(serializers.ModelSerializer):
    """The short form, for nesting."""

    full_name = serializers.CharField(source="get_full_name", read_only=True)

    class Meta:
        model = CustomUser
        fields = ["id", "username", "first_name", "last_name", "full_name", "role"]
        read_only_fields = fields


class UserDetailSerializer(serializers.ModelSerializer):
    profile = ProfileSerializer(required=False)
    subscription = SubscriptionSerializer(read_only=True)

    class Meta:
        model = CustomUser
        fields = [
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
        ]
        read_only_fields = ["id", "email", "role", "is_email_verified", "date_joined", "last_login"]
        # Replacing an account means replacing what its owner writes of it, and nobody has to rename himself for that.
        extra_kwargs = {"username": {"required": False}}

    def update(self, instance, validated_data):
        profile_data = validated_data.pop("profile", None)
        instance = super().update(instance, validated_data)
        if profile_data:
            profile = Profile.objects.get_or_create(user=instance)[0]
            for name, value in profile_data.items():
                setattr(profile, name, value)
            profile.save()
        return instance


class UserCreateSerializer(serializers.ModelSerializer):
    """Registration. The role is never taken from the client; the user name may be left out."""

    email = serializers.EmailField(
        validators=[
            # The same rule as the constraint of the table, which would answer with a failure.
            RegexValidator(r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}\Z", "Enter a valid email address."),
            UniqueValidator(CustomUser.objects.all(), "An account with this address exists.", "iexact"),
        ]
    )
    username = serializers.CharField(
        required=False,
        min_length=3,
        max_length=150,
        validators=[
            RegexValidator(r"^[\w.@+-]+\Z", "Letters, digits and @/./+/-/_ only."),
            UniqueValidator(CustomUser.objects.all(), "This user name is taken.", "iexact"),
        ],
    )
    password = serializers.CharField(write_only=True, style={"input_type": "password"}, trim_whitespace=False)
    password_confirm = serializers.CharField(write_only=True, required=False, trim_whitespace=False)

    class Meta:
        model = CustomUser
        fields = ["id", "email", "username", "first_name", "last_name", "role", "password", "password_confirm"]
        read_only_fields = ["id", "role"]

    def validate_username(self, value):
        if value.lower() in settings.RESERVED_USERNAMES:
            raise serializers.ValidationError("This user name is reserved.")
        return value

    def validate(self, attrs):
        confirmation = attrs.pop("password_confirm", attrs["password"])
        if confirmation != attrs["password"]:
            raise serializers.ValidationError({"password_confirm": "The passwords differ."})
        candidate = CustomUser(**{name: attrs.get(name, "") for name in ("email", "username", "first_name")})
        try:
            validate_password(attrs["password"], candidate)
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data):
        return CustomUser.objects.create_user(**validated_data)


class LoginSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(write_only=True, trim_whitespace=False)


class LogoutSerializer(serializers.Serializer):
    refresh = serializers.CharField()
