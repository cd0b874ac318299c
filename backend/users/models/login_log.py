"""Every attempt to sign in to an account."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from ..client_address import MAX_USER_AGENT_LENGTH, client_address, client_user_agent

if TYPE_CHECKING:
    from .account import CustomUser


class LoginLog(models.Model):
    """One attempt, successful or not."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="login_logs")
    timestamp = models.DateTimeField(auto_now_add=True, db_index=True)
    ip_address = models.GenericIPAddressField(db_index=True)
    user_agent = models.TextField(max_length=MAX_USER_AGENT_LENGTH)
    successful = models.BooleanField(default=False, db_index=True)

    class Meta:
        ordering = ("-timestamp",)

    def __str__(self) -> str:
        return f"{self.user_id} {'signed in' if self.successful else 'failed to sign in'} at {self.timestamp}"

    @classmethod
    def record(cls, user: "CustomUser", *, successful: bool, request: Any) -> "LoginLog":
        return cls.objects.create(
            user=user,
            ip_address=client_address(request),
            user_agent=client_user_agent(request),
            successful=successful,
        )
