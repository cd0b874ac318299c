"""Views of accounts, tokens and subscriptions."""

from .accounts import RegisterView, UserView
from .subscriptions import SubscriptionViewSet
from .tokens import LoginView, LogoutView

__all__ = ["LoginView", "LogoutView", "RegisterView", "SubscriptionViewSet", "UserView"]
