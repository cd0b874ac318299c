"""Subscriptions: what decides the tier of an ordinary user."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

DEFAULT_SUBSCRIPTION_DAYS = 30


class Subscription(models.Model):
    TIER_CHOICES = [("guest", "Guest"), ("registered", "Registered"), ("premium", "Premium")]
    STATUS_CHOICES = [
        ("active", "Active"),
        ("expired", "Expired"),
        ("cancelled", "Cancelled"),
        ("pending", "Pending"),
    ]
    PAYMENT_CHOICES = [
        ("card", "Card"),
        ("paypal", "PayPal"),
        ("bank", "Bank transfer"),
        ("crypto", "Crypto"),
        ("demo", "Demo"),
    ]
    user = models.OneToOneField(settings.AUTH_USER_MODEL, related_name="subscription", on_delete=models.CASCADE)
    tier = models.CharField(max_length=20, default="registered", choices=TIER_CHOICES, db_index=True)
    status = models.CharField(max_length=20, default="active", choices=STATUS_CHOICES, db_index=True)
    start_date = models.DateTimeField(auto_now_add=True, db_index=True)
    end_date = models.DateTimeField(null=True, blank=True, db_index=True)
    is_auto_renew = models.BooleanField(default=False)
    last_payment_date = models.DateTimeField(null=True, blank=True)
    next_payment_date = models.DateTimeField(null=True, blank=True)
    payment_method = models.CharField(max_length=50, null=True, blank=True, choices=PAYMENT_CHOICES)
    payment_id = models.CharField(max_length=100, null=True, blank=True)
    amount_paid = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="unique_user_subscription"),
            models.CheckConstraint(
                condition=Q(amount_paid__gte=Decimal("0.00")) | Q(amount_paid__isnull=True), name="valid_amount_paid"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.tier} ({self.status})"

    @property
    def is_active(self):
        return self.status == "active" and (self.end_date is None or self.end_date > timezone.now())

    @property
    def days_remaining(self):
        if self.end_date is None:
            return None
        return max(0, (self.end_date - timezone.now()).days)

    @classmethod
    def create_for_user(cls, user, tier="registered", days=DEFAULT_SUBSCRIPTION_DAYS):
        """Give a user this tier, in the one row that a user has."""
        end_date = timezone.now() + timedelta(days=days) if days and tier != "registered" else None
        values = {"tier": tier, "status": "active", "end_date": end_date}
        return cls.objects.update_or_create(user=user, defaults=values)[0]

    def extend_subscription(self, days):
        start = self.end_date if self.end_date and self.end_date > timezone.now() else timezone.now()
        self.end_date = start + timedelta(days=days)
        self.status = "active"
        self.save()

    def cancel_subscription(self):
        self.status = "cancelled"
        self.is_auto_renew = False
        self.next_payment_date = None
        self.save()
