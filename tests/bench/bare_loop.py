"""A process that asks what the access suite asks, without the suite: `python -m coursegate.tests.bench.bare_loop TARGET`.

Prints how many requests there are and how many CPU seconds a loop over them takes, through the WSGI callable and nothing
else: no judging, no reports, no looks at rows. Writes are rolled back, and caches cleared where the suite clears them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import load_contract
from coursegate.harness.client import Client
from coursegate.harness.observation import Request
from coursegate.harness.targets.binding import locate
from coursegate.tests.bench.recorded import BEGIN, CLEAR, END, Recording


def main() -> None:
    binding, contract = locate(Path(sys.argv[1])), load_contract()
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.factories.session import bind
        from coursegate.suites.access.sweep import Sweep
        from coursegate.tests.bench.recorded import RecordingTarget

        bound = bind(binding, contract, "coursegate")
        target = RecordingTarget(binding)
        cells = list(contract.access.cells.values())
        sweep = Sweep(Client(target, bound.world, contract), planned=cells)
        for cell in cells:
            sweep.judge(cell)
        seconds = _loop(target.recording)
    print(json.dumps({"requests": len(target.recording.requests), "cpu_s": seconds}))


def _loop(recording: Recording) -> float:
    """CPU seconds of one pass over the recording."""
    from django.core.cache import caches
    from django.core.wsgi import get_wsgi_application
    from django.db import transaction

    application, blocks = get_wsgi_application(), list[Any]()
    started = time.process_time()
    for step in recording.steps:
        if isinstance(step, Request):
            _ask(application, step)
        elif step == CLEAR:
            for alias in caches:
                caches[alias].clear()
        elif step == BEGIN:
            blocks.append(transaction.atomic())
            blocks[-1]._from_testcase = True
            blocks[-1].__enter__()
        elif step == END:
            transaction.set_rollback(True)
            blocks.pop().__exit__(None, None, None)
    return time.process_time() - started


def _ask(application: Any, request: Request) -> bytes:
    from coursegate.harness.targets.environ import environ_of

    answer = application(environ_of(request, "localhost"), lambda _status, _headers, _error=None: None)
    try:
        return b"".join(answer)
    finally:
        answer.close()


if __name__ == "__main__":
    main()
