"""URLs of accounts, tokens and subscriptions, under /api/user/."""

from django.urls import path
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from .views import LoginView, LogoutView, RegisterView, SubscriptionViewSet, UserView

app_name = "users"

router = DefaultRouter()
router.include_root_view = False
router.register("subscription", SubscriptionViewSet, basename="user-subscription")

urlpatterns = [
    path("auth/register/", RegisterView.as_view(), name="user-register"),
    path("auth/login/", LoginView.as_view(), name="user-login"),
    path("auth/logout/", LogoutView.as_view(), name="user-logout"),
    path("auth/token/", TokenObtainPairView.as_view(), name="user-token-obtain"),
    path("auth/token/refresh/", TokenRefreshView.as_view(), name="user-token-refresh"),
    path("profile/me/", UserView.as_view(), name="user-detail"),
    *router.urls,
]
