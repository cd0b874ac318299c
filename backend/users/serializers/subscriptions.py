"""The subscription as its owner sees it, and what an upgrade asks for."""

from typing import Any

from rest_framework import serializers

from ..models import Subscription


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """Only the wish to renew is writable; tier, status, dates, payments are the server's (policies 1, 2)."""

    is_active = serializers.BooleanField(read_only=True)
    days_remaining = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Subscription
        fields = (
            "id",
            "tier",
            "status",
            "is_active",
            "days_remaining",
            "start_date",
            "end_date",
            "is_auto_renew",
            "last_payment_date",
            "next_payment_date",
            "payment_method",
            "amount_paid",
        )
        read_only_fields = tuple(name for name in fields if name != "is_auto_renew")


class UpgradeSerializer(serializers.Serializer[dict[str, Any]]):
    """The tier asked for, and what the payment verifier needs to find the payment."""

    tier = serializers.ChoiceField(
        choices=[Subscription.Tier.PREMIUM.value], default=Subscription.Tier.PREMIUM.value
    )
    payment_method = serializers.ChoiceField(choices=Subscription.PaymentMethod.choices, required=False)
    payment_token = serializers.CharField(max_length=255, required=False)
