"""Stored files, for whoever was given a link to them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from ..file_links import is_link_to


@require_safe
def stored_file(request: HttpRequest, name: str) -> FileResponse:
    """The file of this name; 404 without a link that is still good, whether or not there is such a file."""
    ends, signature = (request.GET.get(key, "") for key in ("ends", "signature"))
    if not is_link_to(name, ends, signature) or not default_storage.exists(name):
        raise Http404
    answer = FileResponse(default_storage.open(name), as_attachment=True)
    answer["Cache-Control"] = "private, no-store"
    return answer
