"""Certificate: what a learner keeps of a completed course, whatever becomes of tier or course (policy 9)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..constants import DEFAULT_CERTIFICATE_VERSION
from ..utils import generate_certificate_number, generate_verification_hash
from ..validators import validate_certificate_number
from .mixins import TimeStampedMixin, with_derived


class Certificate(TimeStampedMixin):
    """One certificate per enrolment; a revoked one stays and says so."""

    enrollment = models.OneToOneField(
        "courses.Enrollment", related_name="certificate", on_delete=models.CASCADE
    )
    certificate_number = models.CharField(
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+\Z"), validate_certificate_number],
    )
    is_valid = models.BooleanField(default=True)
    revocation_date = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.TextField(blank=True, default="")
    verification_hash = models.CharField(max_length=64, unique=True, blank=True)
    template_version = models.CharField(max_length=10, default=DEFAULT_CERTIFICATE_VERSION)

    class Meta:
        ordering = ("-created_date",)
        constraints = (
            models.UniqueConstraint(fields=["certificate_number"], name="unique_certificate_number"),
            models.UniqueConstraint(fields=["verification_hash"], name="unique_verification_hash"),
        )

    def __str__(self) -> str:
        return self.certificate_number

    def clean(self) -> None:
        """ValidationError for a malformed number (MOD-03), and for a revocation without its date."""
        super().clean()
        if self.certificate_number:
            try:
                validate_certificate_number(self.certificate_number)
            except ValidationError as error:
                raise ValidationError({"certificate_number": error.messages}) from None
        if not self.is_valid and self.revocation_date is None:
            raise ValidationError({"revocation_date": _("A revoked certificate needs the date.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; number and hash are issued when they are missing (MOD-06)."""
        enrollment = self.enrollment
        if not self.certificate_number:
            self.certificate_number = generate_certificate_number(enrollment.course_id, enrollment.user_id)
        if not self.verification_hash:
            self.verification_hash = generate_verification_hash(self.certificate_number, enrollment.pk)
        kwargs["update_fields"] = with_derived(
            kwargs.get("update_fields"), "certificate_number", "verification_hash"
        )
        super().save(*args, **kwargs)

    def revoke(self, reason: str | None = None) -> None:
        """Marks the certificate as revoked now and saves; an earlier revocation keeps its date and reason."""
        if not self.is_valid:
            return
        self.is_valid = False
        self.revocation_date = timezone.now()
        self.revocation_reason = reason or ""
        self.save(update_fields=["is_valid", "revocation_date", "revocation_reason", "updated_date"])
