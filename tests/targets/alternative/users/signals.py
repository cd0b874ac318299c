"""Every account has a profile and a subscription from its first moment."""

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import Profile, Subscription


@receiver(post_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="users.create_companions")
def create_companions(sender, instance, created, raw=False, **kwargs):
    if created and not raw:
        Profile.objects.get_or_create(user=instance)
        Subscription.objects.get_or_create(user=instance)


@receiver([post_save, post_delete], sender=Subscription, dispatch_uid="users.forget_level")
def forget_level(sender, instance, **kwargs):
    """Levels are not cached by this release; keys left behind by an older one go here."""
    from courses.validation import clear_user_access_cache

    clear_user_access_cache(instance.user_id)
