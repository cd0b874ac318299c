"""A view that nobody routes is routed for the gate, and judged there."""

from __future__ import annotations

from pathlib import Path

from coursegate.tests.gate.gate_process import run_gate

LINES = (
    'register_viewset("instructor/draft-lessons", DraftLessonViewSet, "draft-lesson")\n',
    'register_viewset("instructor/draft-content", DraftCourseContentViewSet, "draft-content")\n',
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
# An action that was never written; its neighbour is called by a name of its own, and routed by path alone.
WITHOUT_BULK_UPDATE = """

del DraftCourseContentViewSet.bulk_draft_update
"""


def test_view_that_nobody_routes_is_judged(backend: Path, tmp_path: Path) -> None:
    """Views without a route are mounted where the contract says they stand: a sound one passes, an open one leaks."""
    urls = backend / "courses" / "urls.py"
    text = urls.read_text(encoding="utf-8")
    for line in LINES:
        assert line in text
        text = text.replace(line, "")
    urls.write_text(text, encoding="utf-8")
    for name, added in (("draft_outline.py", OPEN), ("draft_bulk.py", WITHOUT_BULK_UPDATE)):
        with (backend / "courses" / "views" / name).open("a", encoding="utf-8") as stream:
            stream.write(added)

    run = run_gate(
        tmp_path,
        "--check=access/course-preview.retrieve/course-draft",
        "--check=access/draft-lessons.retrieve",
        "--check=access/draft-content.reorder",
        "--check=access/draft-content.bulk_update",
        "--check=inventory",
        target=backend,
    )

    verdicts = {name: said for name, said in run.verdicts().items() if name.startswith("access/")}
    previews = {said for name, said in verdicts.items() if "course-preview" in name}
    reorders = {said for name, said in verdicts.items() if "draft-content.reorder" in name}
    bulk_updates = {said for name, said in verdicts.items() if "draft-content.bulk_update" in name}
    leaks = {cell["operation"] for cell in run.failures() if cell["kind"] == "leak"}
    notes = " ".join(note for rung in run.result["preflight"] for note in rung["notes"])
    assert run.code == 1, run.output
    assert previews == {"pass"}
    assert reorders == {"pass"}
    assert bulk_updates == {"not-applicable"}
    assert leaks == {"draft-lessons.retrieve"}
    assert "nobody routes courses.views" in notes
    assert run.verdicts()["inventory/routes/GET /api/instructor/draft-lessons/"] == "not-applicable"


def test_view_that_cannot_be_imported_blocks_what_asks_it(backend: Path, tmp_path: Path) -> None:
    """Where routes are left out because the module of their views breaks, nothing about them is "not applicable"."""
    courses = backend / "courses"
    for name, marks in (("urls.py", ("views.debug", "debug/")), ("views/__init__.py", (".debug",))):
        lines = (courses / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(mark in line for mark in marks)]
        assert len(kept) < len(lines)
        (courses / name).write_text("".join(kept), encoding="utf-8")
    debug = courses / "views" / "debug.py"
    debug.write_text(debug.read_text(encoding="utf-8") + "\nfrom . import half_merged\n", encoding="utf-8")

    run = run_gate(
        tmp_path,
        "--check=access/debug.cache-stats",
        "--check=inventory/routes/GET /api/debug/cache-stats/",
        target=backend,
    )

    assert run.code == 1, run.output
    assert set(run.verdicts().values()) == {"blocked"}
    reasons = {cell["reason"] for cell in run.result["cells"]}
    assert len(reasons) == 1
    assert "courses/views/debug.py" in reasons.pop()
