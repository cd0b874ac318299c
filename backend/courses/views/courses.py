"""Courses for everybody, drafts for their own instructors and staff (policy 3); editing for those who may."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Course
from ..permissions import CanWriteCourses
from ..search import SEARCH_ORDER, search_courses
from ..serializers.core import (
    CourseCloneSerializer,
    CourseDetailSerializer,
    CourseSerializer,
    CourseVersionSerializer,
)
from ..viewer import Viewer
from ..visibility import category_rule, visible_courses
from .context import ConsolidatedPermissionMixin, OptimizedSerializerMixin, SharedListMixin
from .course_lifecycle import CourseOwnershipMixin, CoursePublicationMixin
from .enrolments import CourseEnrolmentMixin
from .filters import ORDERING_HELP, SafeFilterMixin, by_flag, by_id, by_price, by_text
from .pagination import StandardResultsSetPagination
from .schema import extend_schema, query_parameters
from .secure import ThrottleMixin

# The actions that answer with the very rows they look up.
SHOWING = ("list", "featured", "retrieve", "update", "partial_update")


def _by_category(courses: QuerySet[Course], slug: str, viewer: Viewer) -> QuerySet[Course]:
    # Courses of a hidden category stay visible, but not what they have in common.
    return courses.filter(category_rule(viewer, "category__"), category__slug=slug)


def _by_category_id(courses: QuerySet[Course], text: str, viewer: Viewer) -> QuerySet[Course]:
    return by_id("category")(courses.filter(category_rule(viewer, "category__")), text, viewer)


def _by_term(courses: QuerySet[Course], term: str, _viewer: Viewer) -> QuerySet[Course]:
    return search_courses(courses, term)


class CourseViewSet(
    ThrottleMixin,
    OptimizedSerializerMixin,
    ConsolidatedPermissionMixin,
    SafeFilterMixin,
    SharedListMixin,
    CourseOwnershipMixin,
    CoursePublicationMixin,
    CourseEnrolmentMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Course],
):
    """Lists, shows, edits, publishes and clones courses, and enrols in them."""

    queryset = Course.objects.all()
    serializer_class = CourseSerializer
    serializer_classes = {
        "retrieve": CourseDetailSerializer,
        "clone": CourseCloneSerializer,
        "versions": CourseVersionSerializer,
    }
    permission_classes = (IsAuthenticatedOrReadOnly, CanWriteCourses)
    pagination_class = StandardResultsSetPagination
    lookup_field = "slug"
    safe_filters = {
        "category": _by_category,
        "category_id": _by_category_id,
        "level": by_text("level"),
        "min_price": by_price("price__gte"),
        "max_price": by_price("price__lte"),
        "is_featured": by_flag("is_featured"),
        "has_certificate": by_flag("has_certificate"),
        "search": _by_term,
    }
    ordering_fields = {
        "title": "title",
        "price": "price",
        "level": "level",
        "published_date": "published_date",
        "rating": "avg_rating",
        "enrolled_students": "enrolled_students_count",
    }
    default_ordering = ("-created_date",)

    def get_queryset(self) -> QuerySet[Course]:
        courses = visible_courses(self.viewer)
        if self.action in SHOWING:
            courses = self.optimize(courses)
        # A writer holds the row, so that nothing written meanwhile is put back to what it was.
        writes = self.action in ("update", "partial_update")
        return courses.select_for_update(of=("self",)) if writes else courses

    def get_ordering(self) -> list[str]:
        """What was asked for; of a search otherwise the best match first (UX-01)."""
        searching = self.request.query_params.get("search", "").strip()
        return super().get_ordering() or (list(SEARCH_ORDER) if searching else [])

    @extend_schema(
        parameters=query_parameters(
            category="Slug of a category",
            category_id="Id of a category",
            level="Course level",
            min_price="Lowest price",
            max_price="Highest price",
            is_featured="Only featured ones, or only others",
            has_certificate="Only with certificate, or only without",
            search="Text in title, description or subtitle, in this order of weight",
            ordering=ORDERING_HELP,
        )
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Courses the caller may see."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=CourseSerializer(many=True))
    @action(detail=False, methods=["get"])
    def featured(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The featured ones among the courses the caller may see."""
        rows = self.get_queryset().filter(is_featured=True).order_by(*self.default_ordering, "pk")
        serializer = self.get_serializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response(serializer.data)

    @transaction.atomic
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Edits a course: 401 for guests, 404 for what the caller may not see, 403, 400 (policies 7, 10)."""
        course = self.get_object()
        serializer = self.get_serializer(course, data=request.data, partial=kwargs.get("partial", False))
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(self.get_serializer(self.get_queryset().get(pk=course.pk)).data)
