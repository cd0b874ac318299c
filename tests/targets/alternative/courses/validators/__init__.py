"""Every validator of the app, from one place."""

from .content import (
    validate_course_requirements,
    validate_learning_objectives,
    validate_phone_number,
    validate_slug_format,
    validate_tags,
    validate_video_url,
    validator,
)
from .files import (
    HAS_PIL as HAS_PIL,
)
from .files import (
    ContentTypeValidator,
    FileSizeValidator,
    validate_document_file,
    validate_file_extension,
    validate_image_file,
    validate_video_file,
)
from .generic import JSONListValidator, MinStrLenValidator
from .values import (
    validate_access_level,
    validate_certificate_number,
    validate_course_level,
    validate_duration_minutes,
    validate_enrollment_status,
    validate_lesson_type,
    validate_percentage,
    validate_price_range,
    validate_question_type,
    validate_rating,
    validate_resource_type,
)

__all__ = [
    "validator",
    "validate_slug_format",
    "validate_video_url",
    "validate_image_file",
    "validate_video_file",
    "validate_document_file",
    "validate_file_extension",
    "validate_price_range",
    "validate_percentage",
    "validate_duration_minutes",
    "validate_rating",
    "validate_course_requirements",
    "validate_learning_objectives",
    "validate_tags",
    "validate_certificate_number",
    "validate_phone_number",
    "validate_course_level",
    "validate_enrollment_status",
    "validate_lesson_type",
    "validate_access_level",
    "validate_resource_type",
    "validate_question_type",
    "MinStrLenValidator",
    "FileSizeValidator",
    "JSONListValidator",
    "ContentTypeValidator",
]
