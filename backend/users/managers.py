"""Managers that keep an account's rules where rows are made in bulk or by hand."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from .eviction import evict_access_level

if TYPE_CHECKING:
    from .models import CustomUser, Subscription


class CustomUserManager(BaseUserManager["CustomUser"]):
    """Creates accounts by e-mail address."""

    def create_user(
        self, email: str, username: str | None = None, password: str | None = None, **extra: Any
    ) -> "CustomUser":
        """A saved account; the username defaults to the address. ValueError without an address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), username=username or email, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, username: str | None = None, password: str | None = None, **extra: Any
    ) -> "CustomUser":
        """An account with every permission and role admin."""
        extra = {"is_staff": True, "is_superuser": True, "role": "admin"} | extra
        return self.create_user(email, username, password, **extra)

    def get_by_natural_key(self, username: str | None) -> "CustomUser":
        """The account with this address as typed, else in lower case, as registration stores it."""
        try:
            return self.get(email=username)
        except self.model.DoesNotExist:
            return self.get(email=(username or "").lower())


class SubscriptionQuerySet(models.QuerySet["Subscription", "Subscription"]):
    """Bulk writes send no signals, so they evict the levels themselves."""

    def update(self, **kwargs: Any) -> int:
        user_ids = list(self.values_list("user_id", flat=True))
        changed = super().update(**kwargs)
        for user_id in user_ids:
            evict_access_level(user_id)
        return changed

    def bulk_create(self, objs: Iterable["Subscription"], *args: Any, **kwargs: Any) -> list["Subscription"]:
        created = super().bulk_create(objs, *args, **kwargs)
        for subscription in created:
            evict_access_level(subscription.user_id)
        return created
