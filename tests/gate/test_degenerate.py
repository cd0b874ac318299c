"""Backends that answer everything alike look secure, or healthy, to a careless gate. None of them goes green."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.tests.gate.gate_process import SAMPLE, run_gate

MIDDLEWARE = """
import json
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

class Degenerate:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        {body}
"""

EMPTY_LISTS = """response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200:
            data = json.loads(response.content)
            if "results" in data:
                return JsonResponse({"count": 0, "next": None, "previous": None, "results": []})
            return JsonResponse({"detail": "Not found."}, status=404)
        return response"""

DEGENERATE = {
    "always-200-empty-json": ("return JsonResponse({})", "every request is answered 200"),
    "always-403": (
        'return JsonResponse({"detail": "Forbidden."}, status=403)',
        "every request is answered 403",
    ),
    "always-404": (
        'return JsonResponse({"detail": "Not found."}, status=404)',
        "every request is answered 404",
    ),
    "always-500": ('return JsonResponse({"detail": "Error."}, status=500)', "every request is answered 500"),
    "login-page": (
        'return HttpResponseRedirect("/accounts/login/?next=" + request.path)',
        "redirected to /accounts/login/",
    ),
    "empty-lists": (EMPTY_LISTS, "no known read has its known content"),
    "throttles-everything": (
        'return JsonResponse({"detail": "Slow down."}, status=429)',
        "every request is throttled",
    ),
}


@pytest.mark.parametrize(("body", "cause"), DEGENERATE.values(), ids=DEGENERATE.keys())
def test_degenerate_backend_never_goes_green(backend: Path, tmp_path: Path, body: str, cause: str) -> None:
    """A backend that answers everything alike fails, no answer of it passes, and the terminal says why."""
    (backend / "educore" / "degenerate.py").write_text(MIDDLEWARE.replace("{body}", body))
    with (backend / "educore" / "settings.py").open("a") as settings:
        settings.write('\nMIDDLEWARE = ["educore.degenerate.Degenerate", *MIDDLEWARE]\n')

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert run.code == 1, run.output
    passed = [name for name, verdict in run.verdicts().items() if verdict == "pass"]
    # Its routes are what they are; that an answer comes over them is another question.
    assert all(name.startswith("inventory/") for name in passed)
    assert cause in run.output
