"""Registration, login, profile and subscription."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken

from .models import CustomUser, Subscription, UserSession
from .payments import PaymentRequired, payment_is_confirmed
from .permissions import IsOwnerOrAdmin
from .serializers import (
    LoginSerializer,
    LogoutSerializer,
    SubscriptionSerializer,
    TierChangeSerializer,
    UserCreateSerializer,
    UserDetailSerializer,
    UserSerializer,
)
from .throttles import LoginRateThrottle, RegistrationRateThrottle


class RegisterView(generics.CreateAPIView):
    serializer_class = UserCreateSerializer
    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_classes = [RegistrationRateThrottle]


class LoginView(APIView):
    permission_classes = []
    authentication_classes = []
    throttle_classes = [LoginRateThrottle]
    serializer_class = LoginSerializer

    def get_authenticate_header(self, request):
        """Nothing is read from the header here, but it is what the tokens of the answer go into."""
        return 'Bearer realm="api"'

    @extend_schema(request=LoginSerializer, responses={200: LoginSerializer})
    def post(self, request):
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        email, password = serializer.validated_data["email"], serializer.validated_data["password"]
        account = CustomUser.objects.filter(email__iexact=email).first()
        # A locked account is refused like a wrong password: the answer tells nobody that it exists.
        locked = account is not None and account.is_account_locked()
        user = None if locked else authenticate(request, email=account.email if account else email, password=password)
        if user is None:
            if account is not None and not locked:
                account.record_login_attempt(successful=False, request=request)
            raise AuthenticationFailed("No active account found with the given credentials.")
        user.record_login_attempt(successful=True, request=request)
        refresh = RefreshToken.for_user(user)
        UserSession.objects.create(
            user=user,
            session_key=refresh["jti"],
            ip_address=request.META.get("REMOTE_ADDR") or "0.0.0.0",
            user_agent=request.META.get("HTTP_USER_AGENT", "")[:500],
            expires_at=timezone.now() + refresh.lifetime,
        )
        body = {"access": str(refresh.access_token), "refresh": str(refresh), "user": UserSerializer(user).data}
        return Response(body)


class LogoutView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(request=LogoutSerializer, responses={200: None})
    def post(self, request):
        """Spend the refresh token and close the session that belongs to it."""
        serializer = LogoutSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            token = RefreshToken(serializer.validated_data["refresh"])
            if str(token.get("user_id")) != str(request.user.pk):
                raise TokenError("The token belongs to somebody else.")
            token.blacklist()
        except TokenError as error:
            raise ValidationError({"refresh": str(error)}) from error
        UserSession.objects.filter(user=request.user, session_key=token["jti"]).update(is_active=False)
        return Response({"detail": "Logged out."})


class UserView(generics.RetrieveUpdateAPIView):
    serializer_class = UserDetailSerializer
    permission_classes = [IsAuthenticated, IsOwnerOrAdmin]

    def get_object(self):
        self.check_object_permissions(self.request, self.request.user)
        return self.request.user


class SubscriptionViewSet(viewsets.ModelViewSet):
    """The one subscription of the caller."""

    serializer_class = SubscriptionSerializer
    permission_classes = [IsAuthenticated]
    queryset = Subscription.objects.none()

    def get_queryset(self):
        if not self.request.user.is_authenticated:
            return Subscription.objects.none()
        return Subscription.objects.filter(user=self.request.user).order_by("pk")

    def _own(self):
        return Subscription.objects.get_or_create(user=self.request.user)[0]

    def _held(self):
        """The caller's row, locked: what somebody else writes meanwhile is not undone."""
        return Subscription.objects.select_for_update().get_or_create(user=self.request.user)[0]

    @transaction.atomic
    def update(self, request, *args, **kwargs):
        get_object_or_404(self.get_queryset().select_for_update(), pk=self.get_object().pk)
        return super().update(request, *args, **kwargs)

    @transaction.atomic
    def create(self, request, *args, **kwargs):
        """Everybody has one already: creating means setting its preferences."""
        existed = self.get_queryset().exists()
        serializer = self.get_serializer(self._held(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data, status=status.HTTP_200_OK if existed else status.HTTP_201_CREATED)

    @transaction.atomic
    def perform_destroy(self, instance):
        """Ends the subscription; the row stays, for an account without one would be a special case everywhere."""
        self._held().cancel_subscription()

    @action(detail=False, methods=["get"])
    def current(self, request, **kwargs):
        return Response(self.get_serializer(self._own()).data)

    @extend_schema(request=TierChangeSerializer)
    @action(detail=False, methods=["post"])
    @transaction.atomic
    def upgrade(self, request, **kwargs):
        change = TierChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        data = change.validated_data
        if data.get("tier", "premium") != "premium":
            raise ValidationError({"tier": "An upgrade leads to premium."})
        if not payment_is_confirmed(request.user, data):
            raise PaymentRequired()
        now = timezone.now()
        subscription = self._held()
        subscription.tier, subscription.status = "premium", "active"
        subscription.end_date = now + timedelta(days=data["days"])
        subscription.payment_method = data["payment_method"]
        subscription.is_auto_renew = data["is_auto_renew"]
        subscription.last_payment_date = now
        subscription.save()
        return Response(self.get_serializer(subscription).data)

    @extend_schema(request=None)
    @action(detail=False, methods=["post"])
    @transaction.atomic
    def downgrade(self, request, **kwargs):
        subscription = self._held()
        subscription.tier, subscription.status, subscription.end_date = "registered", "active", None
        subscription.is_auto_renew, subscription.next_payment_date = False, None
        subscription.save()
        return Response(self.get_serializer(subscription).data)

    @extend_schema(request=None)
    @action(detail=False, methods=["post"])
    @transaction.atomic
    def cancel(self, request, **kwargs):
        subscription = self._held()
        subscription.cancel_subscription()
        return Response(self.get_serializer(subscription).data)
