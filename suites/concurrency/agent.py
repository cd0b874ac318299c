"""The process that runs races: `python -m coursegate.suites.concurrency.agent JSON`. Started by `asking` only.

It has the target on a PostgreSQL database of its own, whatever the run around it stands on. Each race is put back
before the next one; what is found is written down at once, so that a hang costs one race and not the others.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import pickle
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.services.services import joined
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.ground import Ground
from coursegate.harness.verdicts import Kind
from coursegate.suites.concurrency import cases
from coursegate.suites.concurrency.threads import Hang

SECONDS_PER_RACE = 50
# Of one statement, and of waiting for a lock: a race that the database cannot end is told as what it is.
LIMITS = "-c lock_timeout=6000 -c statement_timeout=9000"


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    sys.path[:] = [entry for entry in sys.path if entry]  # `-m` put the caller's folder there
    binding, contract = pickle.loads(Path(order["target"]).read_bytes())
    services = joined()
    assert services is not None, "started without a run around it"
    ground = Ground(services, services.new_name(), options={"options": LIMITS})
    ground.announce()
    binding.activate(Path(order["scratch"]))
    os.chdir(binding.path)
    with ExitStack() as standing, Path(order["told"]).open("a", encoding="utf-8") as told:
        faulthandler.dump_traceback_later(SECONDS_PER_RACE * 2, exit=True)
        standing.enter_context(ground.laid())
        watcher = standing.enter_context(services.postgres().connected(ground.database))
        hangs = _run(binding, contract, order, watcher, told)
        if hangs:
            os._exit(3)  # a thread that never ends must not hold this process, nor the race after it
    os._exit(0)


def _run(binding: Binding, contract: Contract, order: dict[str, Any], watcher: Any, told: Any) -> bool:
    """Run every race that was ordered. Returns whether one hung, and those after it were not run."""
    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # every refusal is no warning here
    from coursegate.factories.session import bind  # its models need a Django that has started
    from coursegate.suites.concurrency.arena import Arena

    arena = Arena(bind(binding, contract, order["seed"]), watcher)
    known = {check.id: check for check in cases.checks(contract)}
    for name in order["checks"] * order["rounds"]:
        faulthandler.dump_traceback_later(SECONDS_PER_RACE, exit=True)
        record: dict[str, Any] = {"id": name, "kind": Kind.EFFECT, "problems": []}
        started = time.monotonic()
        try:
            record["problems"] = arena.prove(known[name])
        except NotApplicable as problem:
            record["not_applicable"] = str(problem)
        except CannotAsk as problem:
            record["cannot_ask"] = str(problem)
        except Hang as problem:
            told_where = f"{problem}; it stood in {binding.place(problem.stack)}"
            record |= {"kind": Kind.HANG, "problems": [told_where]}
        except Exception as problem:  # what a target's models raise while a race is set up in them
            record["cannot_ask"] = f"the race cannot be set up: {type(problem).__name__}: {problem}"
        record["seconds"] = round(time.monotonic() - started, 2)
        told.write(json.dumps(record) + "\n")
        told.flush()
        if record["kind"] is Kind.HANG:
            return True
    faulthandler.cancel_dump_traceback_later()
    return False


if __name__ == "__main__":
    main()
