"""Registration and the account's own page."""

from typing import cast

from courses.throttling import AnonymousThrottle
from rest_framework import generics
from rest_framework.permissions import AllowAny, IsAuthenticated

from ..models import CustomUser
from ..permissions import IsOwnerOrAdmin
from ..serializers import UserCreateSerializer, UserDetailSerializer
from ..throttling import RegisterRateThrottle


class RegisterView(generics.CreateAPIView[CustomUser]):
    """Make an account; the answer names it but signs nobody in."""

    permission_classes = (AllowAny,)
    throttle_classes = (AnonymousThrottle, RegisterRateThrottle)
    serializer_class = UserCreateSerializer
    queryset = CustomUser.objects.none()


class UserView(generics.RetrieveUpdateAPIView[CustomUser]):
    """The signed-in person's account, profile and subscription."""

    permission_classes = (IsAuthenticated, IsOwnerOrAdmin)
    serializer_class = UserDetailSerializer
    queryset = CustomUser.objects.select_related("profile", "subscription")

    def get_object(self) -> CustomUser:
        account = self.get_queryset().get(pk=cast("CustomUser", self.request.user).pk)
        self.check_object_permissions(self.request, account)
        return account
