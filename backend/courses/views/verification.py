"""Public verification of certificates; the answer for an unknown number tells nothing (VIEW-11)."""

from django.utils import timezone
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..certificate_verification import certificate_facts
from ..serializers.public import CertificateVerificationSerializer, UnverifiedSerializer
from .schema import extend_schema
from .secure import ThrottleMixin

UNKNOWN = {"is_valid": False, "detail": "There is no certificate with this number."}


class CertificateVerificationView(ThrottleMixin, APIView):
    """Whether a number belongs to a certificate, and whether that still holds."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: CertificateVerificationSerializer, 404: UnverifiedSerializer})
    def get(self, request: Request, certificate_number: str) -> Response:
        """The facts of a certificate. Numbers are only looked up, so that malformed ones cost the same."""
        facts = certificate_facts(certificate_number)
        if facts is None:
            return Response(UNKNOWN, status=status.HTTP_404_NOT_FOUND)
        return Response(CertificateVerificationSerializer({**facts, "verified_at": timezone.now()}).data)
