"""A backend that tells what it was told gives nobody's credentials away through the gate's reports."""

from __future__ import annotations

from pathlib import Path

from coursegate.tests.gate.gate_process import run_gate

MIDDLEWARE = """
class Talkative:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        told = request.headers.get("Authorization", "")
        if "/lessons/" in request.path and told:
            raise RuntimeError(f"{told}; Cookie: sessionid=q7w8e9r0t1y2; {{'password': 'correct-horse-battery'}}")
        return self.get_response(request)
"""


def test_no_report_tells_what_a_backend_tells(backend: Path, tmp_path: Path) -> None:
    """Tokens, cookies and passwords in the backend's own errors stand in no report and not on the terminal."""
    (backend / "educore" / "talkative.py").write_text(MIDDLEWARE)
    with (backend / "educore" / "settings.py").open("a") as settings:
        settings.write('\nMIDDLEWARE = ["educore.talkative.Talkative", *MIDDLEWARE]\n')

    run = run_gate(tmp_path, "--operation=lessons.retrieve", "--principal=premium", target=backend)

    assert run.code == 1, run.output
    assert any("RuntimeError" in cell["reason"] for cell in run.failures())
    texts = {path.name: path.read_text(encoding="utf-8") for path in run.reports.iterdir()}
    assert len(texts) == 6
    for secret in ("eyJ", "q7w8e9r0t1y2", "correct-horse-battery"):
        assert [name for name, text in {**texts, "terminal": run.output}.items() if secret in text] == []
