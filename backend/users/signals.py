"""What follows from a saved account, subscription or sign-in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from .eviction import evict_access_level
from .models import CustomUser, Profile, Subscription


@receiver(post_save, sender=CustomUser, dispatch_uid="users.complete_account")
def complete_account(instance: CustomUser, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Every new account gets a profile and a free, active subscription; fixtures bring their own."""
    if created and not raw:
        Profile.objects.get_or_create(user=instance)
        Subscription.objects.get_or_create(user=instance)
    evict_access_level(instance.pk)


@receiver(pre_save, sender=Subscription, dispatch_uid="users.evict_level_of_former_subscriber")
def evict_level_of_former_subscriber(instance: Subscription, **kwargs: Any) -> None:
    """A subscription that goes to another account decides the next request of both."""
    stored = Subscription.objects.filter(pk=instance.pk).exclude(user_id=instance.user_id)
    for former in stored.values_list("user_id", flat=True):
        evict_access_level(former)


@receiver([post_save, post_delete], sender=Subscription, dispatch_uid="users.evict_level_of_subscriber")
def evict_level_of_subscriber(instance: Subscription, **kwargs: Any) -> None:
    """A changed subscription decides the very next request (policy 1)."""
    evict_access_level(instance.user_id)


@receiver(user_login_failed, dispatch_uid="users.record_failed_login")
def record_failed_login(credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """Count the failure on the account it was meant for, by API and admin alike."""
    address = credentials.get("email") or credentials.get("username")
    try:
        account = CustomUser.objects.get_by_natural_key(address)
    except CustomUser.DoesNotExist:
        return
    account.record_login_attempt(successful=False, request=request)


@receiver(user_logged_in, dispatch_uid="users.record_login")
def record_login(user: CustomUser, request: Any = None, **kwargs: Any) -> None:
    """Log a sign-in by session and clear the count of failures."""
    user.record_login_attempt(successful=True, request=request)
