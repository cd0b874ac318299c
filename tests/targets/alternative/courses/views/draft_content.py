"""Authoring of drafts. Every route is throttled, accepts tokens only and stores sanitised HTML only."""

from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from ..constants import MAX_BULK_OPERATIONS
from ..models import Course, Lesson, Module
from ..ordering import reorder
from ..permissions import validate_permissions_and_raise
from ..schema import extend_schema
from ..serializers import CourseDetailSerializer, CourseSerializer, CourseVersionSerializer
from ..serializers.authoring import AuthoredLessonSerializer, AuthoredModuleSerializer
from ..serializers.fields import key_in
from ..services import delete_course
from ..utils.sanitisation import ALLOWED_HTML_ATTRIBUTES, ALLOWED_HTML_TAGS, sanitize_html_content
from ..validation import validate_author, validate_instructor_permissions
from .instructor import editable
from .mixins import (
    ConsolidatedPermissionMixin,
    EditorUpdateMixin,
    OptimizedSerializerMixin,
    StandardContextMixin,
    StandardResultsSetPagination,
    filter_for_access_level,
)
from .resources import ResourceManagementView
from .teaching import AuthoringMixin, create_owned_course

try:
    from bleach.sanitizer import ALLOWED_TAGS
except ImportError:
    ALLOWED_TAGS = ()

# A list in some releases and a frozenset in others: a set takes both.
SAFE_TAGS = sorted(set(ALLOWED_TAGS) | ALLOWED_HTML_TAGS)
SAFE_ATTRIBUTES = {tag: sorted(names) for tag, names in ALLOWED_HTML_ATTRIBUTES.items()}


class _Authors(AuthoringMixin, StandardContextMixin, ConsolidatedPermissionMixin):
    """Teachers only, whatever the rows are."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        validate_permissions_and_raise(request.user, validate_author(request.user))


class DraftCourseViewSet(_Authors, EditorUpdateMixin, OptimizedSerializerMixin, viewsets.ModelViewSet):
    """Unpublished courses of the caller, by slug or by key."""

    queryset = Course.objects.filter(is_published=False)
    serializer_class = CourseSerializer
    serializer_classes = {"retrieve": CourseDetailSerializer}
    pagination_class = StandardResultsSetPagination
    lookup_field = "slug"

    def get_queryset(self):
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return self.eager(editable(rows, self.reader, "pk").order_by("-updated_date", "pk"))

    def get_object(self):
        text = str(self.kwargs.get("slug", self.kwargs.get("pk", "")))
        same, key = Q(slug=text), key_in(text)
        return get_object_or_404(self.get_queryset(), same if key is None else same | Q(pk=key))

    def perform_create(self, serializer):
        validate_permissions_and_raise(self.request.user, validate_instructor_permissions(self.request.user))
        create_owned_course(serializer, self.request)

    def perform_destroy(self, instance):
        self.require_lead(instance)
        delete_course(instance)


class _DraftPart(_Authors, EditorUpdateMixin, OptimizedSerializerMixin, viewsets.ModelViewSet):
    """Modules and lessons of the caller's courses; of lists, what the public cannot see."""

    pagination_class = StandardResultsSetPagination
    course_path = "course"
    parent_name = "course"
    unpublished = Q(is_published=False) | Q(course__is_published=False)

    def get_queryset(self):
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        rows = editable(rows, self.reader, self.course_path)
        if self.action == "list":
            rows = filter_for_access_level(rows.filter(self.unpublished), self.reader)
        return self.eager(rows.order_by(self.course_path, f"{self.parent_name}_id", "order", "pk"))

    def course_of(self, parent):
        return parent if isinstance(parent, Course) else parent.course

    def perform_create(self, serializer):
        self.require_editor(self.course_of(serializer.validated_data[self.parent_name]))
        serializer.save()

    def perform_update(self, serializer):
        moved_to = serializer.validated_data.get(self.parent_name)
        if moved_to is not None:
            self.require_editor(self.course_of(moved_to))
        serializer.save()

    def perform_destroy(self, instance):
        self.require_editor(self.course_of(getattr(instance, self.parent_name)))
        instance.delete()


class DraftModuleViewSet(_DraftPart):
    queryset = Module.objects.all()
    serializer_class = AuthoredModuleSerializer


class DraftLessonViewSet(_DraftPart):
    queryset = Lesson.objects.all()
    serializer_class = AuthoredLessonSerializer
    course_path = "module__course"
    parent_name = "module"
    unpublished = Q(module__is_published=False) | Q(module__course__is_published=False)


class DraftCourseContentViewSet(DraftLessonViewSet):
    """All lessons, one by one or many at once; `"type": "module"` turns the latter to modules."""

    unpublished = Q()

    def _kind(self, request):
        if request.data.get("type") in {"module", "modules"}:
            return Module, "course", "course", AuthoredModuleSerializer
        return Lesson, "module", "module__course", AuthoredLessonSerializer

    def _items(self, request):
        items = request.data.get("items") if isinstance(request.data, dict) else None
        if not isinstance(items, list) or not items:
            raise ValidationError({"detail": "A list of items is required."})
        if len(items) > MAX_BULK_OPERATIONS:
            raise ValidationError({"detail": f"At most {MAX_BULK_OPERATIONS} items are allowed."})
        keys = [item.get("id") if isinstance(item, dict) else None for item in items]
        if any(not isinstance(key, int) or isinstance(key, bool) for key in keys) or len(set(keys)) != len(keys):
            raise ValidationError({"detail": "Every item needs an id of its own."})
        return dict(zip(keys, items, strict=True))

    def _rows(self, items, model, course_path, lock=False):
        found = editable(model.objects.filter(pk__in=items), self.reader, course_path).order_by("pk")
        rows = {row.pk: row for row in (found.select_for_update(of=("self",)) if lock else found)}
        if len(rows) != len(items):
            missing = sorted(set(items) - set(rows))
            raise ValidationError({"detail": f"Unknown items: {', '.join(map(str, missing))}."})
        for row in rows.values():
            self.require_editor(row.course if model is Module else row.module.course)
        return rows

    @extend_schema(request=dict, responses=dict)
    @action(detail=False, methods=["patch"], url_path="reorder")
    def bulk_reorder(self, request, **kwargs):
        items = self._items(request)
        model, parent_name, course_path, _ = self._kind(request)
        orders = {key: item.get("order") for key, item in items.items()}
        if any(not isinstance(n, int) or isinstance(n, bool) or not 0 <= n <= 1_000_000 for n in orders.values()):
            raise ValidationError({"detail": "Every item needs an order."})
        self._rows(items, model, course_path)
        reorder(model, parent_name, orders)
        return Response({"detail": "Reordered.", "updated": len(orders)})

    @extend_schema(request=dict, responses=dict)
    @action(detail=False, methods=["post"], url_path="bulk-update")
    def bulk_draft_update(self, request, **kwargs):
        items = self._items(request)
        model, parent_name, course_path, serializer_class = self._kind(request)
        updated = []
        with transaction.atomic():
            rows = self._rows(items, model, course_path, lock=True)
            for key, item in items.items():
                values = {name: value for name, value in item.items() if name != "id"}
                serializer = serializer_class(
                    rows[key], data=values, partial=True, context=self.get_serializer_context()
                )
                if not serializer.is_valid():
                    raise ValidationError({"detail": f"Item {key} is invalid.", "errors": {key: serializer.errors}})
                parent = serializer.validated_data.get(parent_name)
                if parent is not None:
                    self.require_editor(self.course_of(parent))
                updated.append(serializer.save().pk)
        return Response({"detail": "Updated.", "updated": len(updated), "ids": updated})


def _visible_course(view, slug):
    return get_object_or_404(filter_for_access_level(Course.objects.all(), view.reader), slug=slug)


class CoursePreviewView(_Authors, APIView):
    """The whole course, unpublished parts included, for those who teach it."""

    @extend_schema(responses=CourseDetailSerializer)
    def get(self, request, course_slug):
        course = _visible_course(self, course_slug)
        validate_permissions_and_raise(request.user, self.reader.teaches(course.pk))
        return Response(CourseDetailSerializer(course, context={"request": request, "view": self}).data)


class CourseVersionControlView(_Authors, APIView):
    """All versions of a course, newest first."""

    @extend_schema(responses=dict)
    def get(self, request, course_slug):
        course = _visible_course(self, course_slug)
        validate_permissions_and_raise(request.user, self.reader.teaches(course.pk))
        root = course.parent_version_id or course.pk
        family = filter_for_access_level(Course.objects.all(), self.reader)
        family = family.filter(Q(pk=root) | Q(parent_version_id=root) | Q(parent_version=course))
        versions = CourseVersionSerializer(family.order_by("-version", "pk"), many=True).data
        return Response({"course": course.slug, "current_version": str(course.version), "versions": versions})


__all__ = [
    "CoursePreviewView",
    "CourseVersionControlView",
    "DraftCourseContentViewSet",
    "DraftCourseViewSet",
    "DraftLessonViewSet",
    "DraftModuleViewSet",
    "ResourceManagementView",
    "SAFE_ATTRIBUTES",
    "SAFE_TAGS",
    "sanitize_html_content",
]
