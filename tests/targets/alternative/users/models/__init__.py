"""Models of accounts."""

from .account import (
    EXTENDED_LOCKOUT_HOURS,
    EXTENDED_LOCKOUT_THRESHOLD,
    LOCKOUT_DURATION_MINUTES,
    LOCKOUT_THRESHOLD,
    MAX_LOGIN_ATTEMPTS,
    CustomUser,
    CustomUserManager,
    LoginLog,
    Profile,
)
from .subscription import DEFAULT_SUBSCRIPTION_DAYS, Subscription
from .tokens import (
    EMAIL_VERIFICATION_HOURS,
    MAX_SESSION_EXTENSION_HOURS,
    PASSWORD_RESET_HOURS,
    SESSION_EXTENSION_HOURS,
    EmailVerification,
    PasswordReset,
    UserSession,
)

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
    "CustomUserManager",
    "EmailVerification",
    "LoginLog",
    "PasswordReset",
    "Profile",
    "Subscription",
    "UserSession",
]
