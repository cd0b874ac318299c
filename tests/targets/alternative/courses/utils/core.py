"""Helpers of the course domain; naming, cleaning and gating live in modules of their own and are re-exported."""

import re
from html import unescape

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Avg, Count, Q, Sum

from ..caching import forget
from ..constants import ALLOWED_EXTENSIONS, DANGEROUS_CONTENT_PATTERNS, EnrollmentStatus
from .gating import (
    DEFAULT_PREMIUM_CONTENT_MESSAGE as DEFAULT_PREMIUM_CONTENT_MESSAGE,
)
from .gating import (
    DEFAULT_REGISTERED_CONTENT_MESSAGE as DEFAULT_REGISTERED_CONTENT_MESSAGE,
)
from .gating import (
    get_restricted_content_message,
)
from .naming import (
    MAX_FILENAME_LENGTH,
    generate_certificate_number,
    generate_unique_identifier,
    generate_unique_slug,
    generate_verification_hash,
    get_file_extension,
    upload_course_thumbnail,
    upload_lesson_resource,
)
from .sanitisation import format_duration, format_filesize, format_price, format_time_spent, sanitize_html_content

COURSE_STATS_CACHE_TIMEOUT, ANALYTICS_CACHE_TIMEOUT, SLUG_CACHE_TIMEOUT = 300, 900, 60
ALLOWED_IMAGE_EXTENSIONS = ALLOWED_EXTENSIONS["image"]
ALLOWED_VIDEO_EXTENSIONS = ALLOWED_EXTENSIONS["video"]
ALLOWED_DOCUMENT_EXTENSIONS = ALLOWED_EXTENSIONS["document"]
DANGEROUS_HTML_PATTERNS = DANGEROUS_CONTENT_PATTERNS
COMPILED_DANGEROUS_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in DANGEROUS_HTML_PATTERNS]

clean_html_content = sanitize_html_content


def get_user_access_level(request):
    """Tier of the caller of a request; without a request, of a guest."""
    from ..visibility import reader_of

    return reader_of(request).level


def calculate_completion_percentage(completed_items, total_items):
    """Whole percents, rounded down: 100 only when nothing is missing."""
    if not total_items or total_items < 0:
        return 0
    return max(0, min(100, int(completed_items * 100 // total_items)))


def calculate_course_duration(course):
    """Minutes of all lessons of a course."""
    from ..models import Lesson

    return Lesson.objects.filter(module__course=course).aggregate(total=Sum("duration_minutes"))["total"] or 0


def calculate_course_progress(enrollment):
    """Percentage of an enrolment, counted anew from the lessons that exist now."""
    from ..models import Lesson, Progress

    counted = Q(module__course_id=enrollment.course_id, module__is_published=True)
    total = Lesson.objects.filter(counted).count()
    done = Progress.objects.filter(
        enrollment=enrollment,
        is_completed=True,
        lesson__module__course_id=enrollment.course_id,
        lesson__module__is_published=True,
    ).count()
    return calculate_completion_percentage(done, total)


def update_course_analytics(course):
    """Counts and rating of a course, written past save(): no signal runs again."""
    from ..models import Course

    with transaction.atomic():
        # Whoever counts last sees what the others committed; the weak lock leaves rows that refer to the course alone.
        Course.objects.select_for_update(no_key=True).filter(pk=course.pk).first()
        values = _count_participation(course)
        Course.objects.filter(pk=course.pk).update(**values)
    for name, value in values.items():
        setattr(course, name, value)
    return values


def _count_participation(course):
    from ..models import Enrollment, Review

    reviews = Review.objects.filter(course_id=course.pk, is_approved=True).aggregate(mean=Avg("rating"), n=Count("pk"))
    enrolled = Enrollment.objects.filter(course_id=course.pk, status__in=EnrollmentStatus.active_statuses())
    return {
        "enrolled_students_count": enrolled.values("user_id").distinct().count(),
        "avg_rating": round(reviews["mean"] or 0, 2),
        "total_reviews": reviews["n"],
    }


def extract_text_from_html(html_content):
    text = re.sub(r"<[^<>]*>", " ", sanitize_html_content(html_content))
    return re.sub(r"\s+", " ", unescape(text)).strip()


def calculate_reading_time(text, words_per_minute=200):
    words = len(extract_text_from_html(text).split())
    return max(1, -(-words // max(1, words_per_minute))) if words else 0


def is_video_file(filename):
    return get_file_extension(filename) in ALLOWED_VIDEO_EXTENSIONS


def is_image_file(filename):
    return get_file_extension(filename) in ALLOWED_IMAGE_EXTENSIONS


def is_document_file(filename):
    return get_file_extension(filename) in ALLOWED_DOCUMENT_EXTENSIONS


def validate_file_security(filename, max_size=None):
    """The name itself, if it is short, has no path in it and belongs to a known kind of file."""
    name = str(filename or "")
    known = {extension for kind in ALLOWED_EXTENSIONS.values() for extension in kind}
    if not name or len(name) > MAX_FILENAME_LENGTH or re.search(r"[\x00-\x1f/\\]|\.\.", name):
        raise ValidationError("Invalid file name.", code="invalid_filename")
    if get_file_extension(name) not in known:
        raise ValidationError("This kind of file is not allowed.", code="invalid_extension")
    return name


def validate_json_field(value, field_name, max_items=50, min_str_length=1):
    from ..validators import JSONListValidator

    try:
        JSONListValidator(max_items, min_str_length)(value)
    except ValidationError as error:
        raise ValidationError({field_name: error.messages}) from error
    return value


def get_course_stats(course):
    from ..models import Enrollment

    rows = Enrollment.objects.filter(course=course).exclude(status=EnrollmentStatus.UNENROLLED)
    return rows.aggregate(
        total_students=Count("user_id", distinct=True),
        completed=Count("pk", filter=Q(status=EnrollmentStatus.COMPLETED)),
        average_progress=Avg("progress_percentage"),
    )


def get_user_course_progress(user, course):
    from ..models import Enrollment

    row = Enrollment.objects.filter(user=user, course=course).exclude(status=EnrollmentStatus.UNENROLLED).first()
    return calculate_course_progress(row) if row else 0


def check_lesson_access(user, lesson, request=None):
    """Whether a user may read the whole of a lesson."""
    from ..visibility import Reader, reader_of

    reader = reader_of(request) if request is not None else Reader(user)
    return reader.can_read_lesson(lesson)


def clear_course_caches(course_id):
    forget(*(f"course_{name}:{course_id}" for name in ("stats", "analytics", "duration")))


__all__ = [
    "get_user_access_level",
    "get_restricted_content_message",
    "format_duration",
    "format_filesize",
    "format_time_spent",
    "format_price",
    "generate_certificate_number",
    "generate_verification_hash",
    "generate_unique_identifier",
    "calculate_completion_percentage",
    "calculate_course_duration",
    "calculate_course_progress",
    "update_course_analytics",
    "generate_unique_slug",
    "clean_html_content",
    "extract_text_from_html",
    "calculate_reading_time",
    "get_file_extension",
    "is_video_file",
    "is_image_file",
    "is_document_file",
    "validate_file_security",
    "validate_json_field",
    "upload_course_thumbnail",
    "upload_lesson_resource",
    "get_course_stats",
    "get_user_course_progress",
    "check_lesson_access",
    "clear_course_caches",
    "COURSE_STATS_CACHE_TIMEOUT",
    "ANALYTICS_CACHE_TIMEOUT",
    "SLUG_CACHE_TIMEOUT",
    "MAX_FILENAME_LENGTH",
    "ALLOWED_IMAGE_EXTENSIONS",
    "ALLOWED_VIDEO_EXTENSIONS",
    "ALLOWED_DOCUMENT_EXTENSIONS",
]
