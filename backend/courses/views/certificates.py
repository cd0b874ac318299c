"""Certificates: read by their owners, those who manage the course's students, and staff (policies 6, 9)."""

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated

from ..learner_rows import readable_certificates
from ..models import Certificate
from ..serializers.enrolment import CertificateSerializer
from .context import OptimizedSerializerMixin
from .secure import ThrottleMixin


class CertificateViewSet(ThrottleMixin, OptimizedSerializerMixin, viewsets.ReadOnlyModelViewSet[Certificate]):
    """Certificates, newest first."""

    queryset = Certificate.objects.all()
    serializer_class = CertificateSerializer
    permission_classes = (IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Certificate]:
        return self.optimize(readable_certificates(self.viewer))
