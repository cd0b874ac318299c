"""The models of `users`, one idea per module."""

from .account import (
    EXTENDED_LOCKOUT_HOURS,
    EXTENDED_LOCKOUT_THRESHOLD,
    LOCKOUT_DURATION_MINUTES,
    LOCKOUT_THRESHOLD,
    MAX_LOGIN_ATTEMPTS,
    CustomUser,
)
from .login_log import LoginLog
from .profile import Profile
from .session import MAX_SESSION_EXTENSION_HOURS, SESSION_EXTENSION_HOURS, UserSession
from .subscription import DEFAULT_SUBSCRIPTION_DAYS, Subscription
from .verification import EMAIL_VERIFICATION_HOURS, PASSWORD_RESET_HOURS, EmailVerification, PasswordReset

__all__ = [
    "DEFAULT_SUBSCRIPTION_DAYS",
    "EMAIL_VERIFICATION_HOURS",
    "EXTENDED_LOCKOUT_HOURS",
    "EXTENDED_LOCKOUT_THRESHOLD",
    "LOCKOUT_DURATION_MINUTES",
    "LOCKOUT_THRESHOLD",
    "MAX_LOGIN_ATTEMPTS",
    "MAX_SESSION_EXTENSION_HOURS",
    "PASSWORD_RESET_HOURS",
    "SESSION_EXTENSION_HOURS",
    "CustomUser",
    "EmailVerification",
    "LoginLog",
    "PasswordReset",
    "Profile",
    "Subscription",
    "UserSession",
]
