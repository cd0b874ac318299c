"""The public catalogue; the smaller public views live in `pages` and are re-exported."""

from django.db.models import Q
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from ..models import Category, Course, Lesson, Module
from ..permissions import validate_permissions_and_raise
from ..schema import HAS_DRF_SPECTACULAR, OpenApiParameter, extend_schema
from ..search import rank_categories, rank_courses
from ..serializers import (
    CategorySerializer,
    CourseCloneSerializer,
    CourseDetailSerializer,
    CourseSerializer,
    CourseVersionSerializer,
    EnrollmentSerializer,
    LessonSerializer,
    ModuleDetailSerializer,
    ModuleSerializer,
)
from ..serializers.fields import key_in
from ..services import delete_course, enrol, set_published
from ..validation import validate_instructor_permissions
from .mixins import (
    ConsolidatedPermissionMixin,
    EditorUpdateMixin,
    OptimizedSerializerMixin,
    SafeFilterMixin,
    StandardContextMixin,
    StandardResultsSetPagination,
    filter_for_access_level,
)
from .pages import (
    APIHealthCheckView,
    APIVersionView,
    CertificateVerificationView,
    FeaturedContentView,
    UnifiedSearchView,
)
from .params import bool_param, decimal_param, int_param, text_param
from .teaching import create_owned_course, perform_clone

PAGE_PARAMETERS = [
    OpenApiParameter("page", int, OpenApiParameter.QUERY),
    OpenApiParameter("page_size", int, OpenApiParameter.QUERY),
]
ORDERINGS = {"title", "price", "created_date", "published_date", "avg_rating", "enrolled_students_count"}


def _parameter(name, kind, text):
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=text)


class CategoryViewSet(viewsets.ReadOnlyModelViewSet, StandardContextMixin, SafeFilterMixin):
    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = StandardResultsSetPagination
    lookup_field = "slug"

    def get_queryset(self):
        rows = super().get_queryset().filter(self.reader.categories())
        return CategorySerializer.setup_eager_loading(self.filter_from_query(rows), self.reader)

    def filter_from_query(self, queryset):
        search = text_param(self.request, "search") if self.action == "list" else ""
        return rank_categories(queryset, search) if search else queryset.order_by("sort_order", "name", "pk")

    @extend_schema(parameters=[_parameter("search", str, "Text in name or description.")])
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)


class CourseViewSet(
    OptimizedSerializerMixin,
    EditorUpdateMixin,
    ConsolidatedPermissionMixin,
    StandardContextMixin,
    SafeFilterMixin,
    viewsets.ModelViewSet,
):
    queryset = Course.objects.all()
    serializer_class = CourseSerializer
    serializer_classes = {"retrieve": CourseDetailSerializer, "versions": CourseVersionSerializer}
    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = StandardResultsSetPagination
    lookup_field = "slug"

    def get_queryset(self):
        return self.eager(filter_for_access_level(super().get_queryset(), self.reader))

    def filter_from_query(self, queryset):
        request = self.request
        lowest, highest = decimal_param(request, "min_price"), decimal_param(request, "max_price")
        featured, category = bool_param(request, "is_featured"), text_param(request, "category")
        level, search = text_param(request, "level"), text_param(request, "search")
        if lowest is not None:
            queryset = queryset.filter(price__gte=lowest)
        if highest is not None:
            queryset = queryset.filter(price__lte=highest)
        if featured is not None:
            queryset = queryset.filter(is_featured=featured)
        if level:
            queryset = queryset.filter(level=level)
        if category:
            open_ones = Category.objects.filter(self.reader.categories())
            same, key = Q(slug=category), key_in(category)
            queryset = queryset.filter(category__in=open_ones.filter(same if key is None else same | Q(pk=key)))
        ordering = text_param(request, "ordering")
        if search:
            queryset = rank_courses(queryset, search)
        elif ordering.lstrip("-") in ORDERINGS:
            return queryset.order_by(ordering, "pk")
        return queryset if search else queryset.order_by("-created_date", "pk")

    @extend_schema(
        parameters=[
            _parameter("min_price", str, "Lowest price; comma or point before the fraction."),
            _parameter("max_price", str, "Highest price; comma or point before the fraction."),
            _parameter("is_featured", bool, "Featured courses only, or only the others."),
            _parameter("category", str, "Slug of a category."),
            _parameter("level", str, "Level of the course."),
            _parameter("search", str, "Text in title, description or subtitle, ranked in this order."),
            _parameter("ordering", str, "Field to sort by."),
        ]
    )
    def list(self, request, *args, **kwargs):
        return self._page(self.filter_from_query(self.get_queryset()))

    def _page(self, queryset):
        page = self.paginate_queryset(queryset)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def perform_create(self, serializer):
        validate_permissions_and_raise(self.request.user, validate_instructor_permissions(self.request.user))
        create_owned_course(serializer, self.request)

    def create(self, request, *args, **kwargs):
        # Before the payload is looked at: whoever may not create learns nothing from its errors.
        validate_permissions_and_raise(request.user, validate_instructor_permissions(request.user))
        return super().create(request, *args, **kwargs)

    def perform_destroy(self, instance):
        self.require_lead(instance)
        delete_course(instance)

    @extend_schema(parameters=PAGE_PARAMETERS)
    @action(detail=False)
    def featured(self, request, **kwargs):
        return self._page(self.get_queryset().filter(is_featured=True).order_by("-avg_rating", "pk"))

    @extend_schema(parameters=PAGE_PARAMETERS)
    @action(detail=True)
    def versions(self, request, slug=None, **kwargs):
        course = self.get_object()
        root = course.parent_version_id or course.pk
        family = filter_for_access_level(Course.objects.all(), self.reader)
        family = family.filter(Q(pk=root) | Q(parent_version_id=root) | Q(pk=course.pk) | Q(parent_version=course))
        return self._page(family.order_by("-version", "pk"))

    def _course_body(self, course, detail):
        return {**CourseSerializer(course, context=self.get_serializer_context()).data, "detail": detail}

    @extend_schema(request=None, responses={201: EnrollmentSerializer})
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def enroll(self, request, slug=None, **kwargs):
        row = enrol(request.user, self.get_object())
        data = EnrollmentSerializer(row, context=self.get_serializer_context()).data
        return Response({**data, "detail": "Enrolled."}, status=status.HTTP_201_CREATED)

    @extend_schema(request=CourseCloneSerializer, responses={201: CourseSerializer})
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def clone(self, request, slug=None, **kwargs):
        source = self.get_object()
        self.require_editor(source)
        return Response(self._course_body(perform_clone(request, source), "Cloned."), status=status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["put"], permission_classes=[IsAuthenticated])
    def publish(self, request, slug=None, **kwargs):
        course = self.get_object()
        self.require_editor(course)
        return Response(self._course_body(set_published(course, True), "Published."))

    @extend_schema(request=None)
    @action(detail=True, methods=["put"], permission_classes=[IsAuthenticated])
    def unpublish(self, request, slug=None, **kwargs):
        course = self.get_object()
        self.require_editor(course)
        return Response(self._course_body(set_published(course, False), "Unpublished."))


class ModuleViewSet(
    OptimizedSerializerMixin, ConsolidatedPermissionMixin, StandardContextMixin, viewsets.ReadOnlyModelViewSet
):
    queryset = Module.objects.all()
    serializer_class = ModuleSerializer
    serializer_classes = {"retrieve": ModuleDetailSerializer}
    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = StandardResultsSetPagination

    def get_queryset(self):
        queryset = filter_for_access_level(super().get_queryset(), self.reader)
        course_id, slug = int_param(self.request, "course_id"), text_param(self.request, "course")
        if course_id is not None:
            queryset = queryset.filter(course_id=course_id)
        if slug:
            queryset = queryset.filter(course__slug=slug)
        return self.eager(queryset.order_by("course_id", "order", "pk"))

    @extend_schema(
        parameters=[
            _parameter("course", str, "Slug of a course."),
            _parameter("course_id", int, "Key of a course."),
        ]
    )
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)


class LessonViewSet(viewsets.ReadOnlyModelViewSet, StandardContextMixin, SafeFilterMixin):
    """Lists hold what the tier opens; by its key a lesson above the tier answers with a teaser."""

    queryset = Lesson.objects.all()
    serializer_class = LessonSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = StandardResultsSetPagination

    def get_queryset(self):
        queryset = super().get_queryset()
        if self.action == "list":
            queryset = self.filter_from_query(filter_for_access_level(queryset, self.reader))
        else:
            queryset = queryset.filter(self.reader.known_lessons())
        queryset = queryset.order_by("module__course_id", "module__order", "order", "pk")
        return LessonSerializer.setup_eager_loading(queryset, self.reader)

    def filter_from_query(self, queryset):
        keys = {"module": "module_id", "module_id": "module_id", "course_id": "module__course_id"}
        for name, path in keys.items():
            number = int_param(self.request, name)
            if number is not None:
                queryset = queryset.filter(**{path: number})
        texts = {"course": "module__course__slug", "type": "type", "access_level": "access_level"}
        for name, path in texts.items():
            text = text_param(self.request, name)
            if text:
                queryset = queryset.filter(**{path: text})
        preview = bool_param(self.request, "free_preview")
        return queryset if preview is None else queryset.filter(is_free_preview=preview)

    @extend_schema(
        parameters=[
            _parameter("module", int, "Key of a module."),
            _parameter("module_id", int, "The same under its other name."),
            _parameter("course", str, "Slug of a course."),
            _parameter("course_id", int, "Key of a course."),
            _parameter("type", str, "Type of the lesson."),
            _parameter("access_level", str, "Level that the lesson asks for."),
            _parameter("free_preview", bool, "Free previews only, or only the others."),
        ]
    )
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)


__all__ = [
    "APIHealthCheckView",
    "APIVersionView",
    "CategoryViewSet",
    "CertificateVerificationView",
    "CourseViewSet",
    "FeaturedContentView",
    "HAS_DRF_SPECTACULAR",
    "LessonViewSet",
    "ModuleViewSet",
    "OpenApiParameter",
    "UnifiedSearchView",
    "extend_schema",
]
