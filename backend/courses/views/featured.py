"""The shop window: featured courses and categories."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..constants import CACHE_TIMEOUTS, MAX_PAGE_SIZE
from ..serializers.category import CategorySerializer
from ..serializers.course import CourseSerializer
from ..serializers.public import FeaturedContentSerializer
from ..viewer import Viewer
from ..visibility import visible_categories, visible_courses
from .context import SharedAnswerMixin
from .schema import extend_schema
from .secure import ThrottleMixin


class FeaturedContentView(ThrottleMixin, SharedAnswerMixin, APIView):
    """What is featured, as far as the caller may see it: courses newest first, categories in their order."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=FeaturedContentSerializer)
    def get(self, request: Request) -> Response:
        """Featured courses and categories."""
        answer = self.shared("featured", self._featured, CACHE_TIMEOUTS["featured"])
        if self.personal_viewer is not None:
            CourseSerializer.personalise(answer["courses"], self.personal_viewer)
        return Response(answer)

    def _featured(self) -> dict[str, Any]:
        courses = visible_courses(self.viewer).filter(is_featured=True).order_by("-created_date", "-pk")
        categories = visible_categories(self.viewer).filter(featured=True).order_by("sort_order", "name")
        shelf = {
            "courses": CourseSerializer.setup_eager_loading(courses, self.viewer)[:MAX_PAGE_SIZE],
            "categories": CategorySerializer.setup_eager_loading(categories, self.viewer)[:MAX_PAGE_SIZE],
            "metadata": {"user_access_level": Viewer.of(self.request).level},
        }
        context = {"request": self.request, "viewer": self.viewer}
        return dict(FeaturedContentSerializer(shelf, context=context).data)
