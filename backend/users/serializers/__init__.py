"""Serializers of accounts, tokens and subscriptions."""

from .accounts import ProfileSerializer, UserCreateSerializer, UserDetailSerializer
from .subscriptions import SubscriptionSerializer, UpgradeSerializer
from .tokens import AccountTokenRefreshSerializer, AccountTokenSerializer, LoginSerializer, LogoutSerializer

__all__ = [
    "AccountTokenRefreshSerializer",
    "AccountTokenSerializer",
    "LoginSerializer",
    "LogoutSerializer",
    "ProfileSerializer",
    "SubscriptionSerializer",
    "UpgradeSerializer",
    "UserCreateSerializer",
    "UserDetailSerializer",
]
