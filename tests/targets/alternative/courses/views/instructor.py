"""What instructors do with their courses outside the drafts."""

from django.db.models import Avg, Count, Q
from django.shortcuts import get_object_or_404
from rest_framework import status, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from ..models import Course, Enrollment, Lesson, Module, Progress, Review
from ..permissions import CanViewReports, validate_permissions_and_raise
from ..schema import extend_schema
from ..serializers import CourseCloneSerializer, CourseSerializer, ModuleDetailSerializer, ModuleSerializer
from ..serializers.authoring import AuthoredModuleSerializer, PublishingSerializer
from ..services import set_published
from ..validation import validate_author
from ..visibility import taught_course_ids
from .mixins import (
    ConsolidatedPermissionMixin,
    EditorUpdateMixin,
    OptimizedSerializerMixin,
    SensitiveAPIThrottle,
    StandardContextMixin,
    StandardResultsSetPagination,
    filter_for_access_level,
)
from .teaching import perform_clone


def editable(queryset, reader, prefix):
    """Rows of courses in which the reader is an instructor; all of them for staff."""
    if reader.is_staff:
        return queryset
    return queryset.filter(**{f"{prefix}__in": taught_course_ids(reader.user)})


class InstructorModuleViewSet(
    OptimizedSerializerMixin,
    EditorUpdateMixin,
    ConsolidatedPermissionMixin,
    StandardContextMixin,
    viewsets.ModelViewSet,
):
    queryset = Module.objects.all()
    serializer_class = AuthoredModuleSerializer
    serializer_classes = {"list": ModuleSerializer, "retrieve": ModuleDetailSerializer}
    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]
    pagination_class = StandardResultsSetPagination

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        validate_permissions_and_raise(request.user, validate_author(request.user))

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Module.objects.none()
        return self.eager(editable(super().get_queryset(), self.reader, "course").order_by("course_id", "order"))

    def perform_create(self, serializer):
        self.require_editor(serializer.validated_data["course"])
        serializer.save()

    def perform_update(self, serializer):
        moved_to = serializer.validated_data.get("course")
        if moved_to is not None:
            self.require_editor(moved_to)
        serializer.save()

    def perform_destroy(self, instance):
        self.require_editor(instance.course)
        instance.delete()


def _course_of(view, slug):
    return get_object_or_404(filter_for_access_level(Course.objects.all(), view.reader), slug=slug)


class InstructorDashboardView(APIView, ConsolidatedPermissionMixin, StandardContextMixin):
    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]

    @extend_schema(responses=dict)
    def get(self, request):
        validate_permissions_and_raise(request.user, validate_author(request.user))
        courses = Course.objects.filter(pk__in=taught_course_ids(request.user))
        totals = courses.aggregate(
            total=Count("pk"), published=Count("pk", filter=Q(is_published=True)), rating=Avg("avg_rating")
        )
        students = Enrollment.objects.filter(course__in=courses).exclude(status="unenrolled")
        listed = CourseSerializer.setup_eager_loading(courses, self.reader).order_by("-updated_date")[:20]
        return Response(
            {
                "total_courses": totals["total"],
                "published_courses": totals["published"],
                "draft_courses": totals["total"] - totals["published"],
                "total_students": students.values("user_id").distinct().count(),
                "average_rating": round(float(totals["rating"] or 0), 2),
                "courses": CourseSerializer(listed, many=True, context={"request": request, "view": self}).data,
            }
        )


class CourseAnalyticsView(APIView, ConsolidatedPermissionMixin, StandardContextMixin):
    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]

    @extend_schema(responses=dict)
    def get(self, request, course_slug):
        course = _course_of(self, course_slug)
        allowed = CanViewReports().has_object_permission(request, self, course)
        validate_permissions_and_raise(request.user, allowed)
        enrolments = Enrollment.objects.filter(course=course).exclude(status="unenrolled")
        numbers = enrolments.aggregate(
            total=Count("pk"), done=Count("pk", filter=Q(status="completed")), progress=Avg("progress_percentage")
        )
        reviews = Review.objects.filter(course=course, is_approved=True).aggregate(n=Count("pk"), mean=Avg("rating"))
        lessons = (
            Lesson.objects.filter(module__course=course)
            .annotate(done=Count("progress_records", filter=Q(progress_records__is_completed=True)))
            .order_by("module__order", "order")
            .values("id", "title", "done")
        )
        return Response(
            {
                "course": {"id": course.pk, "slug": course.slug, "title": course.title},
                "total_enrollments": numbers["total"],
                "completed_enrollments": numbers["done"],
                "completion_rate": round(numbers["done"] * 100 / numbers["total"], 2) if numbers["total"] else 0,
                "average_progress": round(numbers["progress"] or 0, 2),
                "average_rating": round(reviews["mean"] or 0, 2),
                "total_reviews": reviews["n"],
                "completed_lessons": Progress.objects.filter(enrollment__in=enrolments, is_completed=True).count(),
                "lessons": list(lessons),
            }
        )


class CoursePublishingView(APIView, ConsolidatedPermissionMixin, StandardContextMixin):
    """`publish` says which of the two; publishing is what an empty body asks for."""

    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]

    @extend_schema(request=PublishingSerializer, responses=CourseSerializer)
    def put(self, request, course_slug=None, slug=None):
        course = _course_of(self, course_slug or slug)
        self.require_editor(course)
        payload = PublishingSerializer(data=request.data)
        payload.is_valid(raise_exception=True)
        published = payload.validated_data["publish"]
        course = set_published(course, published)
        body = CourseSerializer(course, context={"request": request, "view": self}).data
        return Response({**body, "detail": "Published." if published else "Unpublished."})


class CourseCloneView(APIView, ConsolidatedPermissionMixin, StandardContextMixin):
    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]

    @extend_schema(request=CourseCloneSerializer, responses={201: CourseSerializer})
    def post(self, request, course_slug=None, slug=None):
        source = _course_of(self, course_slug or slug)
        self.require_editor(source)
        body = CourseSerializer(perform_clone(request, source), context={"request": request, "view": self}).data
        return Response({**body, "detail": "Cloned."}, status=status.HTTP_201_CREATED)
