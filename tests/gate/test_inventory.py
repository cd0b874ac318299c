"""The gate finds the routes of a real URLconf that the contract does not know, and misses none of those it does."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from coursegate.contracts.contract import FOLDER
from coursegate.tests.gate.gate_process import BACKEND, run_gate

UNHEARD = """

from django.http import JsonResponse
from django.urls import re_path
from rest_framework.decorators import action, api_view
from rest_framework.viewsets import ViewSet


def plain(request, word):
    return JsonResponse({})


@api_view(["GET", "PUT"])
def decorated(request):
    return JsonResponse({})


class Acting(ViewSet):
    @action(detail=True, methods=["post"])
    def shout(self, request, pk):
        return JsonResponse({})


more = DefaultRouter()
more.include_root_view = False
more.register("acting", Acting, basename="acting")
urlpatterns = [entry for entry in urlpatterns if getattr(entry, "name", "") != "api-version"]
urlpatterns += [
    path("unheard/<slug:word>/", plain),
    re_path(r"^unheard/of/$", decorated),
    path("schema/further/", plain),
    *more.urls,
]
"""


def test_inventory_is_taken_both_ways(backend: Path, tmp_path: Path) -> None:
    """Functions, decorated functions and actions of viewsets are found; what lost its route is absent."""
    with (backend / "courses" / "urls.py").open("a", encoding="utf-8") as urls:
        urls.write(UNHEARD)

    run = run_gate(tmp_path, "--suite=inventory", target=backend)

    failed = {cell["id"].removeprefix("inventory/routes/"): cell for cell in run.failures()}
    assert run.code == 1, run.output
    assert set(failed) == {
        "ANY /api/unheard/{word}/",
        "GET /api/unheard/of/",
        "PUT /api/unheard/of/",
        "POST /api/acting/{pk}/shout/",
        "GET /api/version/",
    }
    assert failed["GET /api/version/"]["seen"] == "no route"


def test_optional_operation_without_a_route_is_not_applicable(backend: Path, tmp_path: Path) -> None:
    """An optional operation that the backend lacks is neither missed nor asked."""
    with (backend / "courses" / "urls.py").open("a", encoding="utf-8") as urls:
        urls.write(UNHEARD.split("urlpatterns +=")[0])
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    contract = Path(shutil.copytree(FOLDER, tmp_path / "contracts", ignore=ignored))
    api = contract / "openapi.yaml"
    marked = "operationId: version.retrieve\n      x-optional: true\n"
    api.write_text(api.read_text().replace("operationId: version.retrieve\n", marked, 1))

    run = run_gate(tmp_path, f"--contract={contract}", "--operation=version.retrieve", target=backend)

    assert set(run.verdicts().values()) == {"not-applicable"}, run.output
    assert run.code == 5  # nothing else was asked for, so nothing was assessed


def test_replay_prints_what_to_paste(backend: Path, tmp_path: Path) -> None:
    """`coursegate replay` of an undescribed route prints the path and the row that the contract lacks."""
    with (backend / "courses" / "urls.py").open("a", encoding="utf-8") as urls:
        urls.write(UNHEARD)
    name = "inventory/routes/PUT /api/unheard/of/"
    command = [sys.executable, "-m", "coursegate.commands.cli", "replay", name]

    done = subprocess.run(
        [*command, f"--target={backend}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    unknown = subprocess.run(
        [*command, f"--target={BACKEND}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "operationId: unheard.of.update\n" in done.stdout
    assert "# access.yaml\n  unheard.of.update:\n" in done.stdout
    assert unknown.returncode == 4
    assert f"no check is called {name!r}" in unknown.stderr
