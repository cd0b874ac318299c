"""A backend that names things otherwise is judged as any other, on its team's word and no further than that goes."""

from __future__ import annotations

from pathlib import Path

from coursegate.commands.proof.defects import BENIGN, FOLDER
from coursegate.commands.proof.workshop import apply_patch
from coursegate.tests.gate.gate_process import run_gate

SAID = """
[target]
prefix = "/v2/api/"

[routes]
"categories.list" = "/v2/api/subjects/"
"categories.retrieve" = "/v2/api/subjects/{slug}/"

[unsupported]
"featured.list" = "the shop has no such page"
"version.retrieve" = "nobody asks for it"
"""
EXPORT = """

from courses.models import Lesson
from django.http import JsonResponse


def _export(request):
    return JsonResponse({"all": list(Lesson.objects.values("title", "content"))})


urlpatterns += [path("export/lessons/", _export)]
"""
ASKED = ("--check=access/categories.retrieve", "--check=access/version.retrieve", "--check=outside")


def _edit(file: Path, *changes: tuple[str, str], more: str = "") -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text + more, encoding="utf-8")


def test_backend_with_other_paths_is_judged(backend: Path, tmp_path: Path) -> None:
    """Under its own paths its rows pass; what it truly lacks is not asked; a false word and a page that shows all fail."""
    _edit(backend / "educore" / "urls.py", ('path("api/', 'path("v2/api/'), more=EXPORT)
    _edit(
        backend / "courses" / "urls.py",
        ('register_viewset("categories"', 'register_viewset("subjects"'),
        ('    path("version/", APIVersionView.as_view(), name="api-version"),\n', ""),
    )
    (backend / "coursegate.toml").write_text(SAID, encoding="utf-8")

    run = run_gate(tmp_path, *ASKED, target=backend)

    cells = run.cells()
    verdicts = run.verdicts()
    renamed = {name: said for name, said in verdicts.items() if "categories.retrieve" in name}
    assert run.code == 1, run.output
    assert set(renamed.values()) == {"pass"}
    assert {said for name, said in verdicts.items() if "version.retrieve" in name} == {"not-applicable"}
    assert "featured.list is said not to be offered" in cells["outside/declared/unsupported"]["reason"]
    assert cells["outside/canaries/guest"]["kind"] == "leak"
    assert "GET /export/lessons/" in cells["outside/canaries/guest"]["cause"]
    assert run.result["target"]["agreement"]["prefix"] == "/v2/api/"
    assert all("/v2/api/subjects/" in cells[name]["curl"] for name in renamed)


REGISTERED = "access/register.create/nothing/guest"
REGISTRATION = ("--check=access/register.create", "--check=overposting", "--principal=guest")


def test_backend_that_wants_more_in_a_body_is_judged(backend: Path, tmp_path: Path) -> None:
    """A registration that wants keys of its own is refused everybody until its team says which, and judged from then on."""
    apply_patch(FOLDER / BENIGN / "registration-wants-more.patch", backend)

    said = run_gate(tmp_path / "said", *REGISTRATION, target=backend)
    (backend / "coursegate.toml").unlink()
    unsaid = run_gate(tmp_path / "unsaid", *REGISTRATION, target=backend)

    assert unsaid.code == 1
    assert "wants password2, terms as well, say so under [bodies]" in unsaid.cells()[REGISTERED]["reason"]
    assert said.code == 0, said.output
    assert "sent besides: register.create password2, terms" in said.output
    assert '"terms": true' in said.cells()[REGISTERED]["curl"]
