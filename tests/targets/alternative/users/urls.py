"""Routes of accounts."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from . import views

app_name = "users"

router = SimpleRouter()
router.register("subscription", views.SubscriptionViewSet, basename="user-subscription")

urlpatterns = [
    path("auth/register/", views.RegisterView.as_view(), name="user-register"),
    path("auth/login/", views.LoginView.as_view(), name="user-login"),
    path("auth/logout/", views.LogoutView.as_view(), name="user-logout"),
    path("auth/token/", TokenObtainPairView.as_view(), name="user-token-obtain"),
    path("auth/token/refresh/", TokenRefreshView.as_view(), name="user-token-refresh"),
    path("profile/me/", views.UserView.as_view(), name="user-detail"),
    path("", include(router.urls)),
]
