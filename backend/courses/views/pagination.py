"""Pages of 20 rows, 100 at most, with what a client needs to decide on its banners (GUARD-02, UX-03)."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from ..constants import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ..viewer import Viewer


class StandardResultsSetPagination(PageNumberPagination):
    """`count, next, previous, results` and `metadata`; 404 beyond the last page."""

    page_size = DEFAULT_PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data["metadata"] = self.get_metadata()
        return response

    def get_metadata(self) -> dict[str, Any]:
        """The caller's level and where in the list the page stands."""
        assert self.page is not None
        return {
            "user_access_level": Viewer.of(self.request).level,
            "page_size": self.page.paginator.per_page,
            "current_page": self.page.number,
            "total_pages": self.page.paginator.num_pages,
        }

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        envelope = super().get_paginated_response_schema(schema)
        envelope["properties"]["metadata"] = {
            "type": "object",
            "properties": {
                "user_access_level": {"type": "string", "enum": ["guest", "registered", "premium"]},
                "page_size": {"type": "integer"},
                "current_page": {"type": "integer"},
                "total_pages": {"type": "integer"},
            },
        }
        envelope["required"] = [*envelope.get("required", []), "metadata"]
        return envelope
