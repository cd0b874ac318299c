"""What the views of the instructor area share: who gets in, how often, and how rows are written there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from rest_framework import status, viewsets
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from ..permissions import CanManageCourse, InstructorArea
from ..throttling import SensitiveAPIThrottle
from ..visibility import taught_rule
from .context import OptimizedSerializerMixin
from .filters import SafeFilterMixin
from .pagination import StandardResultsSetPagination
from .secure import ThrottleMixin

if TYPE_CHECKING:
    _ViewSet = viewsets.ModelViewSet[Any]
else:
    _ViewSet = viewsets.ModelViewSet

_TOKENS: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
WRITES = ("update", "partial_update")


class DraftAccessMixin(ThrottleMixin):
    """Tokens, and sessions with CSRF protection (VIEW-03); the small budget beside the everyday ones (VIEW-02).

    DRF asks sessions, and only sessions, for the CSRF token: clients with a token need no cookie.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = (*_TOKENS, SessionAuthentication)
    throttle_classes: Sequence[type[BaseThrottle]] = (*ThrottleMixin.throttle_classes, SensitiveAPIThrottle)


class TaughtRowsViewSet(DraftAccessMixin, OptimizedSerializerMixin, SafeFilterMixin, _ViewSet):
    """Rows of the courses the caller teaches, all rows for staff: the team reads, its editors write (policy 7).

    401 for guests; 403 for who teaches nothing, on lists and creation; 404 for other people's rows.
    """

    permission_classes = (InstructorArea, CanManageCourse)
    pagination_class = StandardResultsSetPagination
    path_to_course: ClassVar[str] = ""
    shown: ClassVar[Q] = Q()

    def existing(self) -> QuerySet[Any]:
        """Every row there is."""
        return super().get_queryset()

    def taught(self) -> QuerySet[Any]:
        """Every row of the caller's courses, ready for the serializer."""
        return self.optimize(self.existing().filter(taught_rule(self.viewer, self.path_to_course)))

    def get_queryset(self) -> QuerySet[Any]:
        rows = self.taught().filter(self.shown)
        # A writer holds the row, so that nothing written meanwhile is put back to what it was.
        return rows.select_for_update(of=("self",)) if self.action in WRITES else rows

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(self.body(serializer.save()), status=status.HTTP_201_CREATED)

    @transaction.atomic
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(
            self.get_object(), data=request.data, partial=kwargs.get("partial", False)
        )
        serializer.is_valid(raise_exception=True)
        return Response(self.body(serializer.save()))

    @transaction.atomic
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def body(self, row: Model) -> Any:
        """The row as the caller sees it now, also when it has just left this list by being published."""
        return self.get_serializer(self.taught().get(pk=row.pk)).data
