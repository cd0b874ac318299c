"""Every URL of the project; the names are those of the published API surface."""

from courses.views.files import stored_file
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from .documentation import RedocView, SwaggerView

handler404 = "educore.errors.page_not_found"
handler500 = "educore.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/token/", TokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", TokenRefreshView.as_view(), name="token_refresh"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SwaggerView.as_view(url_name="schema"), name="swagger-ui"),
    path("api/redoc/", RedocView.as_view(url_name="schema"), name="redoc"),
    path("api/user/", include("users.urls")),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", stored_file, name="stored-file"),
    path("api/", include("courses.urls")),
]
