"""A copy of the reference backend in whose every answer something leaks: then every cell fails."""

from __future__ import annotations

from pathlib import Path

from coursegate.commands.proof.workshop import copy_backend
from coursegate.harness.canaries import mint
from coursegate.harness.world import DEFAULT_SEED

# A token that no principal may receive.
TOKEN = mint(DEFAULT_SEED, "session-bystander", "session_key")
MIDDLEWARE = f'''
class Leaking:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["X-Trace"] = "{TOKEN}"
        return response
'''


def leaking_backend(folder: Path) -> Path:
    backend = copy_backend(folder)
    (backend / "educore" / "leaking.py").write_text(MIDDLEWARE, encoding="utf-8")
    with (backend / "educore" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write('\nMIDDLEWARE = ["educore.leaking.Leaking", *MIDDLEWARE]\n')
    return backend
