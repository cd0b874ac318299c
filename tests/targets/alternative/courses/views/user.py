"""What a learner has: enrolments, progress, reviews, notes, certificates, statistics."""

from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from ..models import Certificate, Course, Enrollment, Lesson, Note, Progress, Review
from ..permissions import validate_permissions_and_raise
from ..schema import extend_schema
from ..serializers import (
    CertificateSerializer,
    EnrollmentSerializer,
    LessonSerializer,
    NoteSerializer,
    ProgressSerializer,
    ReviewSerializer,
)
from ..serializers.utils import ProgressStatsSerializer, StatusResponseSerializer
from ..services import enrol, locked_row, unenrol
from ..statistics import statistics_of
from .mixins import (
    ConsolidatedPermissionMixin,
    SafeFilterMixin,
    SafeUserQuerysetMixin,
    StandardContextMixin,
    filter_for_access_level,
)
from .params import int_param


def _lessons_for(reader):
    return LessonSerializer.setup_eager_loading(Lesson.objects.all(), reader)


class EnrollmentViewSet(SafeUserQuerysetMixin, viewsets.ModelViewSet, StandardContextMixin):
    queryset = Enrollment.objects.all()
    serializer_class = EnrollmentSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return EnrollmentSerializer.setup_eager_loading(super().get_queryset(), self.reader)

    def perform_create(self, serializer):
        serializer.instance = enrol(self.request.user, serializer.validated_data["course"])

    def perform_update(self, serializer):
        """There is nothing in it that a learner sets himself."""

    def perform_destroy(self, instance):
        """Deleting is leaving: the row, the progress and the revoked certificate stay."""
        unenrol(instance)

    @extend_schema(request=None, responses=StatusResponseSerializer)
    @action(detail=True, methods=["post"])
    def unenroll(self, request, pk=None, **kwargs):
        unenrol(self.get_object())
        return Response({"detail": "You have left the course."})


class ProgressViewSet(SafeUserQuerysetMixin, viewsets.ModelViewSet, StandardContextMixin):
    queryset = Progress.objects.select_related("enrollment")
    serializer_class = ProgressSerializer
    permission_classes = [IsAuthenticated]
    user_path = "enrollment__user"

    def get_queryset(self):
        queryset = super().get_queryset().exclude(enrollment__status="unenrolled")
        if self.action == "list":
            course_id = int_param(self.request, "course_id")
            if course_id is not None:
                queryset = queryset.filter(enrollment__course_id=course_id)
        return queryset.prefetch_related(Prefetch("lesson", _lessons_for(self.reader)))

    def _enrolment_for(self, lesson):
        """The enrolment that a report counts for; a record outlives the tier, but is not written above it."""
        validate_permissions_and_raise(
            self.request.user, self.reader.can_read_lesson(lesson), "Your subscription does not cover this lesson."
        )
        rows = Enrollment.objects.filter(user=self.request.user, course_id=lesson.module.course_id)
        row = rows.filter(status__in=["active", "completed"]).first()
        if row is None:
            raise ValidationError({"lesson_id": ["You are not enrolled in the course of this lesson."]})
        return row

    def create(self, request, *args, **kwargs):
        """One record per lesson: reporting on it again changes the record that is there."""
        incoming = self.get_serializer(data=request.data)
        incoming.is_valid(raise_exception=True)
        values = dict(incoming.validated_data)
        lesson = values.pop("lesson")
        enrollment = self._enrolment_for(lesson)
        with transaction.atomic():
            record = Progress.objects.select_for_update().filter(enrollment=enrollment, lesson=lesson).first()
            created = record is None
            record = record or Progress(enrollment=enrollment, lesson=lesson)
            for name, value in values.items():
                setattr(record, name, value)
            try:
                with transaction.atomic():
                    record.save()
            except IntegrityError as error:
                raise ValidationError({"detail": "The lesson was reported on at the same time."}) from error
        answer = self.get_serializer(self.get_queryset().get(pk=record.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    def update(self, request, *args, **kwargs):
        with locked_row(self.get_object()):
            return super().update(request, *args, **kwargs)

    def perform_update(self, serializer):
        lesson = serializer.instance.lesson
        self._enrolment_for(lesson)
        if serializer.validated_data.get("lesson", lesson).pk != lesson.pk:
            raise ValidationError({"lesson_id": ["The lesson of a record cannot be changed."]})
        serializer.save(lesson=lesson)

    def perform_destroy(self, instance):
        self._enrolment_for(instance.lesson)
        instance.delete()


class ReviewViewSet(SafeUserQuerysetMixin, viewsets.ModelViewSet, StandardContextMixin):
    """A user's own reviews; moderators see all."""

    queryset = Review.objects.select_related("user", "course")
    serializer_class = ReviewSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        if not getattr(self, "swagger_fake_view", False) and self.reader.is_staff:
            return Review.objects.select_related("user", "course")
        return super().get_queryset()

    def perform_create(self, serializer):
        try:
            with transaction.atomic():
                serializer.save(user=self.request.user)
        except IntegrityError as error:
            raise ValidationError({"detail": "You have already reviewed this course."}) from error


class NoteViewSet(SafeUserQuerysetMixin, viewsets.ModelViewSet, StandardContextMixin, SafeFilterMixin):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        queryset = super().get_queryset().prefetch_related(Prefetch("lesson", _lessons_for(self.reader)))
        return self.filter_from_query(queryset) if self.action == "list" else queryset

    def filter_from_query(self, queryset):
        for name, path in {"lesson_id": "lesson_id", "course_id": "lesson__module__course_id"}.items():
            number = int_param(self.request, name)
            if number is not None:
                queryset = queryset.filter(**{path: number})
        return queryset

    def perform_create(self, serializer):
        serializer.save(user=self.request.user)


class CertificateViewSet(SafeUserQuerysetMixin, viewsets.ReadOnlyModelViewSet, StandardContextMixin):
    queryset = Certificate.objects.all()
    serializer_class = CertificateSerializer
    permission_classes = [IsAuthenticated]
    user_path = "enrollment__user"

    def get_queryset(self):
        rows = EnrollmentSerializer.setup_eager_loading(Enrollment.objects.select_related("user"), self.reader)
        return super().get_queryset().prefetch_related(Prefetch("enrollment", rows))


class CourseEnrollmentView(APIView, ConsolidatedPermissionMixin, StandardContextMixin):
    permission_classes = [IsAuthenticated]
    serializer_class = EnrollmentSerializer

    @extend_schema(request=None, responses={201: EnrollmentSerializer})
    def post(self, request, course_slug):
        course = get_object_or_404(filter_for_access_level(Course.objects.all(), self.reader), slug=course_slug)
        row = enrol(request.user, course)
        data = EnrollmentSerializer(row, context={"request": request, "view": self}).data
        return Response({**data, "detail": "Enrolled."}, status=status.HTTP_201_CREATED)


class CourseProgressView(APIView, StandardContextMixin):
    permission_classes = [IsAuthenticated]
    serializer_class = EnrollmentSerializer

    @extend_schema(responses=dict)
    def get(self, request, course_slug):
        course = get_object_or_404(filter_for_access_level(Course.objects.all(), self.reader), slug=course_slug)
        rows = Enrollment.objects.filter(user=request.user, course=course).exclude(status="unenrolled")
        row = EnrollmentSerializer.setup_eager_loading(rows, self.reader).first()
        if row is None:
            # Without an enrolment there is no progress, and no more to be said than of a course that is missing.
            raise Http404(f"No {Course._meta.object_name} matches the given query.")
        known = Lesson.objects.filter(self.reader.known_lessons())
        records = row.progress.filter(lesson__in=known).select_related("lesson")
        records = records.order_by("lesson__module__order", "lesson__order")
        summary = EnrollmentSerializer(row, context={"request": request, "view": self}).data
        return Response(
            {
                "course": {"id": course.pk, "slug": course.slug, "title": course.title},
                "enrollment_id": row.pk,
                "status": row.status,
                "progress_percentage": row.progress_percentage,
                "total_time_spent": row.total_time_spent,
                "progress_summary": summary["progress_summary"],
                "lessons": [
                    {
                        "lesson_id": record.lesson_id,
                        "title": record.lesson.title,
                        "is_completed": record.is_completed,
                        "progress_percentage": record.progress_percentage,
                        "time_spent": record.time_spent,
                    }
                    for record in records
                ],
            }
        )


class UserProgressStatsView(APIView):
    permission_classes = [IsAuthenticated]
    serializer_class = ProgressStatsSerializer

    @extend_schema(responses=ProgressStatsSerializer)
    def get(self, request):
        return Response(statistics_of(request.user))


class LegacyUserProgressStatsView(UserProgressStatsView):
    """The same numbers under the older address."""
