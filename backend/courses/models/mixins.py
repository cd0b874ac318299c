"""What several models share: time stamps, slugs, durations, publication, ordered places, counters."""

from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.db.models import F, Max
from django.utils import timezone

from ..utils import format_duration, generate_unique_slug, update_course_analytics

SLUG_MAX_LENGTH = 180
# Each refused slug means that another writer got one through, so this many writers may collide at once.
SLUG_ATTEMPTS = 100


class TimeStampedMixin(models.Model):
    """When the row was written first and last."""

    created_date = models.DateTimeField(auto_now_add=True)
    updated_date = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class SlugMixin(models.Model):
    """A unique, readable slug made from the title when none is given (MOD-04, MOD-07)."""

    slug = models.SlugField(max_length=SLUG_MAX_LENGTH, unique=True, blank=True)

    class Meta:
        abstract = True

    def get_slug_source(self) -> str:
        """The text the slug is made from."""
        raise NotImplementedError

    def generate_unique_slug(self) -> str:
        """A free slug: the slugified source, else with -1, -2 … behind it, never over the column's length."""
        return generate_unique_slug(
            self.get_slug_source(), type(self), max_length=SLUG_MAX_LENGTH, slug_field="slug", instance=self
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; a generated slug that another writer took meanwhile is made anew.

        A given slug is kept as it is: if it is taken, IntegrityError.
        """
        if self.slug:
            super().save(*args, **kwargs)
            return
        for attempt in range(1, SLUG_ATTEMPTS + 1):
            self.slug = self.generate_unique_slug()
            try:
                with transaction.atomic(using=kwargs.get("using")):
                    super().save(*args, **kwargs)
                return
            except IntegrityError:
                if attempt == SLUG_ATTEMPTS or not self._slug_is_taken():
                    self.slug = ""
                    raise

    def _slug_is_taken(self) -> bool:
        return type(self)._default_manager.filter(slug=self.slug).exclude(pk=self.pk).exists()


class DurationMixin(models.Model):
    """A length in minutes, unknown when empty."""

    duration_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def duration_display(self) -> str | None:
        """The duration for people."""
        return format_duration(self.duration_minutes)


class PublishableMixin(models.Model):
    """Something that is either published or a draft; visibility hangs on `is_published` alone."""

    is_published = models.BooleanField(default=False)
    published_date = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def publish(self) -> None:
        """Publishes and saves; publishing twice keeps the first date."""
        self.is_published = True
        self.published_date = self.published_date or timezone.now()
        self.save()

    def unpublish(self) -> None:
        """Turns the row back into a draft and saves."""
        self.is_published = False
        self.published_date = None
        self.save()


class OrderedMixin(models.Model):
    """A place among the siblings below one parent, counted from 1 (MOD-05).

    Without an order `save` takes the next one while holding the parent's row, so that two writers never draw
    the same number. A given order is kept.
    """

    order_parent: str

    order = models.PositiveIntegerField(default=None, blank=True)

    class Meta:
        abstract = True

    def get_next_order(self, parent_field: str | None = None) -> int:
        """The place behind the last sibling; locks the parent's row until the transaction ends."""
        name = parent_field or self.order_parent
        parent_id = getattr(self, self._parent_field(name).attname)
        with transaction.atomic():
            self._lock_parent(name, parent_id)
            last = (
                type(self)._default_manager.filter(**{name: parent_id}).aggregate(last=Max("order"))["last"]
            )
        return (last or 0) + 1

    def _parent_field(self, name: str) -> "models.ForeignKey[Any, Any]":
        return cast("models.ForeignKey[Any, Any]", self._meta.get_field(name))

    def _lock_parent(self, name: str, parent_id: Any) -> None:
        # Locks belong to rows: Django drops FOR UPDATE from an aggregate, so the parent is locked.
        parents = self._parent_field(name).related_model._default_manager
        list(parents.select_for_update().filter(pk=parent_id).order_by().values_list("pk"))

    def invalidate_order_cache(self, parent_field: str | None = None) -> None:
        """Forgets the loaded parent, the only thing about orders that is remembered."""
        self._state.fields_cache.pop(parent_field or self.order_parent, None)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves at the given place, or at the next free one."""
        if self.order is not None:
            super().save(*args, **kwargs)
            return
        with transaction.atomic(using=kwargs.get("using")):
            self.order = self.get_next_order()
            super().save(*args, **kwargs)


class AnalyticsMixin(models.Model):
    """How often something was looked at."""

    view_count = models.PositiveIntegerField(default=0)
    last_accessed = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def increment_view_count(self) -> None:
        """Counts one view in the database, so that simultaneous views all count."""
        self._update_columns(view_count=F("view_count") + 1, last_accessed=timezone.now())

    def reset_analytics(self) -> None:
        """Forgets the views."""
        self._update_columns(view_count=0)

    def update_analytics(self) -> None:
        """Counts learners and reviews again."""
        update_course_analytics(self)
        self.refresh_from_db()

    def _update_columns(self, **values: Any) -> None:
        type(self)._default_manager.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))


def with_derived(update_fields: Any, *derived: str) -> Any:
    """`update_fields` of a save, plus the columns that the save itself derives; None (all columns) stays."""
    return None if update_fields is None else {*update_fields, *derived}
