"""Categories for everybody; inactive ones for staff (policy 11)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Category
from ..serializers.core import CategorySerializer
from ..visibility import visible_categories
from .context import OptimizedSerializerMixin, SharedListMixin
from .filters import ORDERING_HELP, SafeFilterMixin, by_flag, by_text
from .pagination import StandardResultsSetPagination
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin


class CategoryViewSet(
    ThrottleMixin,
    OptimizedSerializerMixin,
    SafeFilterMixin,
    SharedListMixin,
    viewsets.ReadOnlyModelViewSet[Category],
):
    """Lists and shows categories, each with the number of courses the caller may see in it."""

    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    permission_classes = (IsAuthenticatedOrReadOnly,)
    pagination_class = StandardResultsSetPagination
    lookup_field = "slug"
    safe_filters = {"featured": by_flag("featured"), "search": by_text("name__icontains")}
    ordering_fields = {"name": "name", "sort_order": "sort_order"}
    default_ordering = ("sort_order", "name")

    def get_queryset(self) -> QuerySet[Category]:
        return self.optimize(visible_categories(self.viewer))

    @extend_schema(
        parameters=query_parameters(
            featured="Only featured ones, or only others", search="Text in the name", ordering=ORDERING_HELP
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Categories the caller may see."""
        return super().list(request, *args, **kwargs)
