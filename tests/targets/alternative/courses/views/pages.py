"""Single public pages: search, featured content, certificate verification, version and health."""

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from ..models import Category, Certificate, Course
from ..schema import OpenApiParameter, extend_schema
from ..search import rank_categories, rank_courses
from ..serializers import CategorySerializer, CourseSerializer
from ..serializers.utils import HealthCheckSerializer, VersionInfoSerializer
from ..visibility import filter_for_access_level, reader_of
from .params import safe_int_conversion, text_param

SEARCH_TYPES = ("courses", "categories", "all")


class UnifiedSearchView(APIView):
    """Both kinds of results are cut into pages of `limit` in the same way."""

    permission_classes = [AllowAny]

    def _found(self, reader, text, kind):
        courses = categories = None
        if kind in {"courses", "all"}:
            rows = rank_courses(filter_for_access_level(Course.objects.all(), reader), text)
            courses = CourseSerializer.setup_eager_loading(rows, reader)
        if kind in {"categories", "all"}:
            rows = rank_categories(Category.objects.filter(reader.categories()), text)
            categories = CategorySerializer.setup_eager_loading(rows, reader)
        return {"courses": (courses, CourseSerializer), "categories": (categories, CategorySerializer)}

    def _link(self, request, page):
        query = request.query_params.copy()
        query["page"] = page
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, OpenApiParameter.QUERY, required=True, description="Two characters or more."),
            OpenApiParameter("type", str, OpenApiParameter.QUERY, enum=list(SEARCH_TYPES)),
            OpenApiParameter("limit", int, OpenApiParameter.QUERY, description="1 to 50, 10 by default."),
            OpenApiParameter("page", int, OpenApiParameter.QUERY),
        ],
        responses={200: dict},
    )
    def get(self, request):
        text = text_param(request, "q")
        if len(text) < 2:
            raise ValidationError({"detail": "Enter at least two characters."})
        kind = text_param(request, "type").lower() or "all"
        if kind not in SEARCH_TYPES:
            kind = "all"
        limit = safe_int_conversion(request.query_params.get("limit"), 10, 1, 50)
        page = safe_int_conversion(request.query_params.get("page"), 1, 1, 1_000_000)
        start, results, totals = (page - 1) * limit, {}, {}
        for name, (rows, serializer) in self._found(reader_of(request), text, kind).items():
            totals[name] = rows.count() if rows is not None else 0
            part = rows[start : start + limit] if totals[name] > start else []
            results[name] = serializer(part, many=True, context={"request": request, "view": self}).data
        more = any(total > start + limit for total in totals.values())
        return Response(
            {
                "query": text,
                "total_results": sum(totals.values()),
                "search_type": kind,
                "results": results,
                "page": page,
                "limit": limit,
                "next": self._link(request, page + 1) if more else None,
                "previous": self._link(request, page - 1) if page > 1 else None,
            }
        )


class FeaturedContentView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses={200: dict})
    def get(self, request):
        reader, context = reader_of(request), {"request": request, "view": self}
        courses = Course.objects.filter(reader.courses(), is_featured=True).order_by("-avg_rating", "title", "pk")
        categories = Category.objects.filter(reader.categories(), featured=True).order_by("sort_order", "name")
        courses = CourseSerializer.setup_eager_loading(courses, reader)[:10]
        categories = CategorySerializer.setup_eager_loading(categories, reader)[:10]
        body = {
            "courses": CourseSerializer(courses, many=True, context=context).data,
            "categories": CategorySerializer(categories, many=True, context=context).data,
        }
        body["metadata"] = {
            "user_access_level": reader.level,
            "courses_count": len(body["courses"]),
            "categories_count": len(body["categories"]),
            "generated_at": timezone.now(),
        }
        return Response(body)


class CertificateVerificationView(APIView):
    """One look at the table for every number, well-formed or not; nothing is cached, so nothing is stale."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: dict, 400: dict})
    def get(self, request, certificate_number):
        rows = Certificate.objects.select_related("enrollment__course", "enrollment__user")
        certificate = rows.filter(certificate_number=certificate_number).first()
        if certificate is None:
            refusal = {"detail": "No certificate has this number.", "is_valid": False}
            return Response(refusal, status=status.HTTP_400_BAD_REQUEST)
        body = {
            "is_valid": certificate.is_valid,
            "certificate_number": certificate.certificate_number,
            "issue_date": certificate.created_date,
            "course_title": certificate.enrollment.course.title,
            "student_name": certificate.enrollment.user.get_full_name(),
            "verification_hash": certificate.verification_hash,
            "verified_at": timezone.now(),
        }
        if not certificate.is_valid:
            body["revocation_date"] = certificate.revocation_date
            body["revocation_reason"] = certificate.revocation_reason
        return Response(body)


class APIVersionView(APIView):
    permission_classes = [AllowAny]
    serializer_class = VersionInfoSerializer

    @extend_schema(responses=VersionInfoSerializer)
    def get(self, request):
        version = settings.API_VERSION
        return Response(
            {
                "api_version": version,
                "version": version,
                "features": {"tiers": ["guest", "registered", "premium"], "certificates": True, "search": True},
                "endpoints": {
                    "courses": "/api/courses/",
                    "categories": "/api/categories/",
                    "search": "/api/search/",
                    "featured": "/api/featured/",
                    "statistics": "/api/me/stats/",
                },
                "documentation": {
                    "openapi_schema": "/api/schema/",
                    "swagger_ui": "/api/docs/",
                    "redoc": "/api/redoc/",
                },
                "deprecated": ["Resource.file_size_display", "Resource.duration_display", "/api/user/progress-stats/"],
            }
        )


class APIHealthCheckView(APIView):
    permission_classes = [AllowAny]
    serializer_class = HealthCheckSerializer

    def _database(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return "ok"
        except DatabaseError:
            return "failing"

    def _cache(self):
        try:
            cache.set("health_probe", "1", 5)
            return "ok" if cache.get("health_probe") == "1" else "failing"
        except Exception:
            return "failing"

    @extend_schema(responses=HealthCheckSerializer)
    def get(self, request):
        checks = {"database": self._database(), "cache": self._cache()}
        checks["application"] = apps.get_app_config("courses").health_status
        healthy = checks["database"] == "ok"
        body = {
            "status": "healthy" if healthy else "unhealthy",
            "version": settings.API_VERSION,
            "api_version": settings.API_VERSION,
            "timestamp": timezone.now(),
            "checks": checks,
        }
        return Response(body, status=status.HTTP_200_OK if healthy else status.HTTP_503_SERVICE_UNAVAILABLE)
