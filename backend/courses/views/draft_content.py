"""The views of content in the making under their historical path, and what its HTML may hold (VIEW-01, SEC-01)."""

from ..utils.sanitisation import SAFE_ATTRIBUTES, SAFE_TAGS
from ..utils.sanitisation import clean_html_content as sanitize_html_content
from .draft_bulk import DraftCourseContentViewSet
from .draft_courses import CoursePreviewView, CourseVersionControlView, DraftCourseViewSet
from .draft_outline import DraftLessonViewSet, DraftModuleViewSet
from .resources import ResourceManagementView

__all__ = [
    "SAFE_ATTRIBUTES",
    "SAFE_TAGS",
    "CoursePreviewView",
    "CourseVersionControlView",
    "DraftCourseContentViewSet",
    "DraftCourseViewSet",
    "DraftLessonViewSet",
    "DraftModuleViewSet",
    "ResourceManagementView",
    "sanitize_html_content",
]
