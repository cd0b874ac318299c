"""Every published route: its name, its path, its methods (COMPAT-01)."""

from typing import Any

import pytest
from django.urls import resolve, reverse

# Name, path, methods; braces hold what a request fills in.
ROUTES = """
api-health-check /api/health/ GET
category-list /api/categories/ GET
category-detail /api/categories/{slug}/ GET
course-list /api/courses/ GET POST
course-featured /api/courses/featured/ GET
course-detail /api/courses/{slug}/ DELETE GET PATCH PUT
course-clone /api/courses/{slug}/clone/ POST
course-enroll /api/courses/{slug}/enroll/ POST
course-publish /api/courses/{slug}/publish/ PUT
course-unpublish /api/courses/{slug}/unpublish/ PUT
course-versions /api/courses/{slug}/versions/ GET
module-list /api/modules/ GET
module-detail /api/modules/{pk}/ GET
lesson-list /api/lessons/ GET
lesson-detail /api/lessons/{pk}/ GET
enrollment-list /api/enrollments/ GET POST
enrollment-detail /api/enrollments/{pk}/ DELETE GET PATCH PUT
enrollment-unenroll /api/enrollments/{pk}/unenroll/ POST
progress-list /api/progress/ GET POST
progress-detail /api/progress/{pk}/ DELETE GET PATCH PUT
review-list /api/reviews/ GET POST
review-detail /api/reviews/{pk}/ DELETE GET PATCH PUT
note-list /api/notes/ GET POST
note-detail /api/notes/{pk}/ DELETE GET PATCH PUT
certificate-list /api/certificates/ GET
certificate-detail /api/certificates/{pk}/ GET
user-progress-stats /api/user/progress/stats/ GET
user-progress-stats-legacy /api/user/progress-stats/ GET
course-enrollment /api/courses/{course_slug}/enrollment/ POST
course-progress /api/courses/{course_slug}/progress/ GET
search /api/search/ GET
featured /api/featured/ GET
verify-certificate /api/certificates/verify/{certificate_number}/ GET
instructor-dashboard /api/instructor/dashboard/ GET
course-analytics /api/instructor/courses/{course_slug}/analytics/ GET
api-version /api/version/ GET
debug-cache-stats /api/debug/cache-stats/ GET
debug-url-patterns /api/debug/url-patterns/ GET
"""
FILLED = {"slug": "a-course", "course_slug": "a-course", "pk": "7", "certificate_number": "CERT-1"}


@pytest.mark.parametrize("route", ROUTES.split("\n")[1:-1], ids=lambda route: route.split()[0])
def test_a_published_route_is_where_it_was(route: str) -> None:
    """The route has its name and path, and its view answers at least its published methods."""
    name, path, *methods = route.split()
    address = path.format(**FILLED)

    found: Any = resolve(address)

    assert reverse(f"courses:{name}", args=found.args, kwargs=found.kwargs) == address
    offered = getattr(found.func, "actions", None) or found.func.cls().allowed_methods
    assert {method.lower() for method in methods} <= {method.lower() for method in offered}
