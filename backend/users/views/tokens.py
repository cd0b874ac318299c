"""Signing in and out."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenViewBase

from ..serializers import LoginSerializer, LogoutSerializer
from ..throttling import LoginRateThrottle


class LoginView(TokenViewBase):
    """E-mail and password for a token pair and the account's name; a few times an hour per address."""

    serializer_class = LoginSerializer
    throttle_classes = (LoginRateThrottle,)


class LogoutView(APIView):
    """Withdraw a refresh token; access tokens run out by themselves."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=LogoutSerializer, responses={200: OpenApiResponse(description="Signed out.")})
    def post(self, request: Request) -> Response:
        serializer = LogoutSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response({"detail": "Signed out."})
