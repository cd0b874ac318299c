"""A learner's own statistics, under three paths (VIEW-15, UX-04)."""

from rest_framework.request import Request
from rest_framework.response import Response

from ..endpoints import LegacyEndpointSchema
from ..learner_statistics import learner_statistics
from ..serializers.enrolment import UserProgressStatsSerializer
from .schema import extend_schema
from .secure import SecureAPIView


class UserProgressStatsView(SecureAPIView):
    """What the caller has done so far."""

    @extend_schema(responses=UserProgressStatsSerializer)
    def get(self, request: Request) -> Response:
        """Totals over the caller's own courses, lessons, assessments and certificates."""
        return Response(UserProgressStatsSerializer(learner_statistics(request.user)).data)


class LegacyUserProgressStatsView(UserProgressStatsView):
    """The same under its first path."""

    schema = LegacyEndpointSchema()
