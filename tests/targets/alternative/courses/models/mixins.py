"""Abstract models: time stamps, order within a parent, slugs, duration, publication."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone

from ..utils.naming import generate_unique_slug
from ..utils.sanitisation import format_duration

# Each failed attempt means that another writer got through, so this bounds the writers, not the luck.
MAX_ATTEMPTS = 50


def insert_with_retry(instance, choose, save):
    """Insert a row whose unique value is chosen by looking, and choose again when another writer was faster."""
    key = instance.pk
    for attempt in range(1, MAX_ATTEMPTS + 1):
        choose()
        try:
            with transaction.atomic():
                return save()
        except IntegrityError:
            # Whatever a fresh look would not change is a real conflict.
            if attempt == MAX_ATTEMPTS or not instance.chosen_value_is_taken():
                raise
            instance._state.adding = True
            instance.pk = key


class TimeStampedMixin(models.Model):
    created_date = models.DateTimeField(auto_now_add=True)
    updated_date = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class DurationMixin(models.Model):
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def duration_display(self):
        return format_duration(self.duration_minutes)


class PublishableMixin(models.Model):
    is_published = models.BooleanField(default=False)
    published_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def publish(self):
        self.is_published = True
        self.published_date = timezone.now()
        self.save()

    def unpublish(self):
        self.is_published = False
        self.save()


class OrderedMixin(models.Model):
    """Position within a parent; absent means "after the last one"."""

    order_parent = None

    order = models.PositiveIntegerField(default=None, blank=True)

    class Meta:
        abstract = True

    def get_next_order(self, parent_field=None):
        field = f"{parent_field or self.order_parent}_id"
        siblings = type(self)._default_manager.filter(**{field: getattr(self, field)})
        return (siblings.aggregate(last=Max("order"))["last"] or 0) + 1

    def invalidate_order_cache(self, parent_field=None):
        """Orders are read from the table each time; kept for callers that announce changes."""

    def chosen_value_is_taken(self):
        field = f"{self.order_parent}_id"
        return type(self)._default_manager.filter(**{field: getattr(self, field), "order": self.order}).exists()

    def save(self, *args, **kwargs):
        if self.order is not None:
            return super().save(*args, **kwargs)
        parent_save = super().save

        def choose():
            self.order = self.get_next_order()

        return insert_with_retry(self, choose, lambda: parent_save(*args, **kwargs))


def _slug_of_instance(self):
    limit = self._meta.get_field("slug").max_length
    return generate_unique_slug(self.get_slug_source(), type(self), limit, "slug", self)


class SlugMixin(models.Model):
    slug = models.SlugField(max_length=180, unique=True, blank=True)

    class Meta:
        abstract = True

    # Same name as the helper, which stays the only implementation.
    generate_unique_slug = _slug_of_instance

    def get_slug_source(self):
        return getattr(self, "title", "") or getattr(self, "name", "")

    def chosen_value_is_taken(self):
        return type(self)._default_manager.filter(slug=self.slug).exists()

    def save(self, *args, **kwargs):
        if self.slug:
            return super().save(*args, **kwargs)
        parent_save = super().save

        def choose():
            self.slug = self.generate_unique_slug()

        return insert_with_retry(self, choose, lambda: parent_save(*args, **kwargs))


def require(condition, field, message):
    """Raise a field error unless the condition holds."""
    if not condition:
        raise ValidationError({field: message})
