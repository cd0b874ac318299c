"""The signed-in person's subscription. Changes take effect on the next request (policy 1)."""

from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from ..models import CustomUser, Subscription
from ..payments import verify_payment
from ..serializers import SubscriptionSerializer, UpgradeSerializer

WRITES = frozenset({"create", "update", "partial_update", "destroy", "upgrade", "downgrade", "cancel"})
NO_BODY = extend_schema(request=None, responses=SubscriptionSerializer)


class SubscriptionViewSet(viewsets.ModelViewSet[Subscription]):
    """One's own subscription and nobody else's, staff included: support works in the admin."""

    permission_classes = (IsAuthenticated,)
    serializer_class = SubscriptionSerializer
    queryset = Subscription.objects.none()

    def get_queryset(self) -> QuerySet[Subscription]:
        own = Subscription.objects.filter(user_id=self.request.user.pk)
        # A writer holds the row: what ends meanwhile is not brought back (policy 14).
        return own.select_for_update() if self.action in WRITES else own

    @property
    def _user(self) -> CustomUser:
        """The caller; the permission has kept strangers out."""
        return cast("CustomUser", self.request.user)

    @transaction.atomic
    def perform_create(self, serializer: BaseSerializer[Subscription]) -> None:
        """(Re)start the free tier; 400 while a subscription is active."""
        subscription, is_new = self.get_queryset().get_or_create(user=self._user)
        if subscription.is_active and not is_new:
            raise ValidationError({"detail": _("You already have an active subscription.")}, code="exists")
        subscription.return_to_registered()
        serializer.instance = subscription

    @transaction.atomic
    def update(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Changes what its owner may change."""
        return super().update(request, *args, **kwargs)

    @extend_schema(responses={200: SubscriptionSerializer})
    @transaction.atomic
    def destroy(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Cancel; the row stays for the books."""
        self.get_object()
        return self._cancelled()

    @action(detail=False, methods=["get"])
    def current(self, request: Request) -> Response:
        """The subscription, lapsed or not; 404 without one."""
        return self._answer(get_object_or_404(self.get_queryset()))

    @extend_schema(
        request=UpgradeSerializer,
        responses={
            200: SubscriptionSerializer,
            402: OpenApiResponse(description="The payment was not verified."),
        },
    )
    @action(detail=False, methods=["post"])
    def upgrade(self, request: Request) -> Response:
        """Premium, if the payment verifier vouches for it; 402 otherwise, and that is the default."""
        wish = UpgradeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        receipt = verify_payment(self._user, wish.validated_data["tier"], wish.validated_data)
        with transaction.atomic():
            subscription = self._locked()
            subscription.start_premium(receipt)
        return self._answer(subscription)

    @NO_BODY
    @action(detail=False, methods=["post"])
    @transaction.atomic
    def downgrade(self, request: Request) -> Response:
        """The free tier from now on."""
        subscription = self._locked()
        subscription.return_to_registered()
        return self._answer(subscription)

    @NO_BODY
    @action(detail=False, methods=["post"])
    @transaction.atomic
    def cancel(self, request: Request) -> Response:
        """Cancelled from now on: paid time does not run out first (policy 1)."""
        return self._cancelled()

    def _cancelled(self) -> Response:
        subscription = self._locked()
        subscription.cancel_subscription()
        return self._answer(subscription)

    def _locked(self) -> Subscription:
        """The caller's row under a lock; 404 without one."""
        return get_object_or_404(self.get_queryset())

    def _answer(self, subscription: Subscription) -> Response:
        return Response(self.get_serializer(subscription).data, status=status.HTTP_200_OK)
