"""Reviews: learners of a course write one each, staff decide whether it is shown."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from ..learner_rows import readable_reviews
from ..models import Review
from ..permissions import IsAuthorOrStaff
from ..serializers.analytics import ReviewSerializer
from ..serializers.reviews import ReviewModerationSerializer
from .context import OptimizedSerializerMixin
from .filters import SafeFilterMixin, by_text
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin


class ReviewViewSet(ThrottleMixin, OptimizedSerializerMixin, SafeFilterMixin, viewsets.ModelViewSet[Review]):
    """Reviews of courses, newest first."""

    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    permission_classes = (IsAuthenticated, IsAuthorOrStaff)
    safe_filters = {"course": by_text("course__slug")}
    default_ordering = ("-created_date", "-pk")

    def get_queryset(self) -> QuerySet[Review]:
        return self.optimize(readable_reviews(self.viewer))

    @extend_schema(parameters=query_parameters(course="Slug of a course"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Reviews the caller may read."""
        return super().list(request, *args, **kwargs)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Staff moderate what others wrote; the words stay their author's."""
        review = args[0] if args else None
        if isinstance(review, Review) and review.user_id != self.request.user.pk:
            return ReviewModerationSerializer(*args, **kwargs, context=self.get_serializer_context())
        return super().get_serializer(*args, **kwargs)
