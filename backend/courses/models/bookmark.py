"""Bookmark: a user's pointer to anything that has a page."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..validators import JSONListValidator
from .mixins import TimeStampedMixin


class Bookmark(TimeStampedMixin):
    """One bookmark per user and object."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="bookmarks", on_delete=models.CASCADE)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.CharField(max_length=255, db_index=True)
    title = models.CharField(max_length=200, blank=True, default="")
    notes = models.TextField(null=True, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    is_favorite = models.BooleanField(default=False)
    tags = models.JSONField(blank=True, default=list, validators=[JSONListValidator()])
    content_object = GenericForeignKey("content_type", "object_id")

    class Meta:
        ordering = (
            "position",
            "-created_date",
        )
        constraints = (
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id"], name="unique_bookmark_per_user"
            ),
        )

    def __str__(self) -> str:
        return self.title or f"{self.content_type} {self.object_id}"

    def clean(self) -> None:
        """ValidationError under `object_id` when nothing is there to point to."""
        super().clean()
        if self.content_object is None:
            raise ValidationError({"object_id": _("There is no such object.")})

    def get_url(self) -> str:
        """The address of the object, empty when it has none."""
        get_absolute_url = getattr(self.content_object, "get_absolute_url", None)
        return str(get_absolute_url()) if get_absolute_url else ""
