"""The subscription: what an account pays for, and until when (policy 1)."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from courses.access_levels import is_subscription_active_safe
from django.conf import settings
from django.db import models
from django.utils import timezone

from ..managers import SubscriptionQuerySet

if TYPE_CHECKING:
    from ..payments import PaymentReceipt
    from .account import CustomUser

DEFAULT_SUBSCRIPTION_DAYS = 30


class Subscription(models.Model):
    """One per account. Only the methods here change tier, status and end_date; no request does (policy 2)."""

    class Tier(models.TextChoices):
        GUEST = "guest"
        REGISTERED = "registered"
        PREMIUM = "premium"

    class Status(models.TextChoices):
        ACTIVE = "active"
        EXPIRED = "expired"
        CANCELLED = "cancelled"
        PENDING = "pending"

    class PaymentMethod(models.TextChoices):
        CARD = "card"
        PAYPAL = "paypal", "PayPal"
        BANK = "bank"
        CRYPTO = "crypto"
        DEMO = "demo"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription"
    )
    tier = models.CharField(max_length=20, choices=Tier.choices, default=Tier.REGISTERED, db_index=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE, db_index=True)
    start_date = models.DateTimeField(auto_now_add=True, db_index=True)
    end_date = models.DateTimeField(null=True, blank=True, db_index=True)
    is_auto_renew = models.BooleanField(default=False)
    last_payment_date = models.DateTimeField(null=True, blank=True)
    next_payment_date = models.DateTimeField(null=True, blank=True)
    payment_method = models.CharField(max_length=50, choices=PaymentMethod.choices, null=True, blank=True)
    payment_id = models.CharField(max_length=100, null=True, blank=True)
    amount_paid = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user",), name="unique_user_subscription"),
            models.CheckConstraint(
                condition=models.Q(amount_paid__gte=Decimal("0.00")) | models.Q(amount_paid__isnull=True),
                name="valid_amount_paid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.tier} ({self.status}) of user {self.user_id}"

    @property
    def is_active(self) -> bool:
        """Active now: status active, end_date empty or still to come."""
        return is_subscription_active_safe(self)

    @property
    def days_remaining(self) -> int | None:
        """Whole days until end_date, 0 once it has passed; None without an end."""
        if self.end_date is None:
            return None
        return max((self.end_date - timezone.now()).days, 0)

    @classmethod
    def create_for_user(
        cls, user: "CustomUser", tier: str = Tier.REGISTERED, days: int = DEFAULT_SUBSCRIPTION_DAYS
    ) -> "Subscription":
        """The user's subscription, made or replaced: active, and for premium ending in `days`."""
        end_date = timezone.now() + timedelta(days=days) if tier == cls.Tier.PREMIUM else None
        values = {"tier": tier, "status": cls.Status.ACTIVE, "end_date": end_date}
        return cls.objects.update_or_create(user=user, defaults=values)[0]

    def extend_subscription(self, days: int) -> None:
        """Add `days` to what is left, or from now when nothing is; ValueError unless positive."""
        if days < 1:
            raise ValueError("A subscription is extended by at least one day.")
        now = timezone.now()
        self.end_date = max(self.end_date or now, now) + timedelta(days=days)
        self.status = self.Status.ACTIVE
        self.save()

    def start_premium(self, receipt: "PaymentReceipt") -> None:
        """Premium from now, for the days that the receipt vouches for; days already paid for are kept."""
        if not (self.tier == self.Tier.PREMIUM and self.is_active):
            self.end_date = None
        self.tier = self.Tier.PREMIUM
        self.payment_method = receipt.method
        self.payment_id = receipt.payment_id
        self.amount_paid = receipt.amount
        self.last_payment_date = timezone.now()
        self.extend_subscription(receipt.days)

    def return_to_registered(self) -> None:
        """The free tier from now on, active and without an end."""
        self.tier = self.Tier.REGISTERED
        self.status = self.Status.ACTIVE
        self.end_date = None
        self._stop_payments()
        self.save()

    def cancel_subscription(self) -> None:
        """Cancelled from now on; tier and dates stay for the books."""
        self.status = self.Status.CANCELLED
        self._stop_payments()
        self.save()

    def _stop_payments(self) -> None:
        self.is_auto_renew = False
        self.next_payment_date = None
