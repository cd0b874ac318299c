"""Answers of the root URLconf, in the form that the clients of the API read."""

from django.http import JsonResponse
from django.views import defaults


def not_found(request, exception):
    """An address of the API that no view has is missing in the same words as a row that nobody may see."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "Not found."}, status=404)
    return defaults.page_not_found(request, exception)
