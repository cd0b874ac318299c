"""A view that nobody routes is routed for the gate, and judged there."""

from __future__ import annotations

from pathlib import Path

from coursegate.tests.gate.gate_process import run_gate

LINES = (
    'register_viewset("instructor/draft-lessons", DraftLessonViewSet, "draft-lesson")\n',
    '    path("instructor/courses/<slug:slug>/preview/", CoursePreviewView.as_view(), name="course-preview"),\n',
)
# The same class, with its guard taken out: nobody has noticed, as nobody gets there.
OPEN = """

from rest_framework.permissions import AllowAny

DraftLessonViewSet.permission_classes = [AllowAny]
DraftLessonViewSet.get_permissions = lambda self: [AllowAny()]
DraftLessonViewSet.get_queryset = lambda self: Lesson.objects.all()
from courses.models import Lesson
"""


def test_view_that_nobody_routes_is_judged(backend: Path, tmp_path: Path) -> None:
    """Views without a route are mounted where the contract says they stand: a sound one passes, an open one leaks."""
    urls = backend / "courses" / "urls.py"
    text = urls.read_text(encoding="utf-8")
    for line in LINES:
        assert line in text
        text = text.replace(line, "")
    urls.write_text(text, encoding="utf-8")
    with (backend / "courses" / "views" / "draft_outline.py").open("a", encoding="utf-8") as stream:
        stream.write(OPEN)

    run = run_gate(
        tmp_path,
        "--check=access/course-preview.retrieve/course-draft",
        "--check=access/draft-lessons.retrieve",
        "--check=inventory",
        target=backend,
    )

    verdicts = {name: said for name, said in run.verdicts().items() if name.startswith("access/")}
    previews = {said for name, said in verdicts.items() if "course-preview" in name}
    leaks = {cell["operation"] for cell in run.failures() if cell["kind"] == "leak"}
    notes = " ".join(note for rung in run.result["preflight"] for note in rung["notes"])
    assert run.code == 1, run.output
    assert previews == {"pass"}
    assert leaks == {"draft-lessons.retrieve"}
    assert "nobody routes courses.views" in notes
    assert run.verdicts()["inventory/routes/GET /api/instructor/draft-lessons/"] == "not-applicable"
