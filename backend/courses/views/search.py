"""One search over courses and categories (UX-01, UX-02)."""

from typing import Any

from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..constants import CACHE_TIMEOUTS, MAX_SEARCH_RESULTS
from ..search import search_categories, search_courses
from ..serializers.category import CategorySerializer
from ..serializers.course import CourseSerializer
from ..serializers.public import ErrorSerializer, SearchAnswerSerializer
from ..visibility import visible_categories, visible_courses
from .context import SharedAnswerMixin
from .pagination import StandardResultsSetPagination
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin

MIN_TERM_LENGTH = 2
EVERY_TYPE = "all"
TYPES = ("courses", "categories", EVERY_TYPE)


class SearchPagination(StandardResultsSetPagination):
    """Pages of `limit` rows of each type, 10 unless it is a number, 50 at most."""

    page_size = 10
    page_size_query_param = "limit"
    max_page_size = MAX_SEARCH_RESULTS


class UnifiedSearchView(ThrottleMixin, SharedAnswerMixin, APIView):
    """Finds what the caller may see, the best match first."""

    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=query_parameters(
            q="Text of two characters or more",
            type="`courses`, `categories` or `all`",
            limit="Rows of each type on a page, 1 to 50",
            page="Number of the page",
        ),
        responses={200: SearchAnswerSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Courses and categories that hold the term."""
        term = request.query_params.get("q", "").strip()
        kind = request.query_params.get("type", "").strip() or EVERY_TYPE
        if len(term) < MIN_TERM_LENGTH:
            return _refused(f"Search for at least {MIN_TERM_LENGTH} characters.")
        if kind not in TYPES:
            return _refused(f"Search for one of: {', '.join(TYPES)}.")
        answer = self.shared("search", lambda: self._search(term, kind), CACHE_TIMEOUTS["search"])
        if self.personal_viewer is not None:
            CourseSerializer.personalise(answer["results"]["courses"], self.personal_viewer)
        return Response(answer)

    def _search(self, term: str, kind: str) -> dict[str, Any]:
        courses = search_courses(visible_courses(self.viewer), term)
        categories = search_categories(visible_categories(self.viewer), term)
        found = {
            "courses": CourseSerializer.setup_eager_loading(courses, self.viewer),
            "categories": CategorySerializer.setup_eager_loading(categories, self.viewer),
        }
        found = {name: rows if kind in (name, EVERY_TYPE) else rows.none() for name, rows in found.items()}
        counts = [rows.count() for rows in found.values()]
        # Page n holds the n-th window of each type; there are pages until the longest list ends.
        pagination = SearchPagination()
        places = pagination.paginate_queryset(range(max(counts)), self.request, view=self)
        window = slice(places[0], places[-1] + 1) if places else slice(0)
        answer = {
            "query": term,
            "total_results": sum(counts),
            "search_type": kind,
            "next": pagination.get_next_link(),
            "previous": pagination.get_previous_link(),
            "results": {name: rows[window] for name, rows in found.items()},
            "metadata": pagination.get_metadata(),
        }
        context = {"request": self.request, "viewer": self.viewer}
        return dict(SearchAnswerSerializer(answer, context=context).data)


def _refused(reason: str) -> Response:
    return Response({"error": reason}, status=status.HTTP_400_BAD_REQUEST)
