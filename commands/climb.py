"""The process that stands on the ladder: `python -m coursegate.commands.climb JSON`. Started by preflight only."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from coursegate.harness.preflight.describing import describe
from coursegate.harness.preflight.imports import check_imports
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.source import check_source
from coursegate.harness.preflight.start import check_start
from coursegate.harness.services.services import joined
from coursegate.harness.targets.binding import locate
from coursegate.harness.targets.ground import choose
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import DEFAULT_SEED


class _Climber:
    def __init__(self, order: dict[str, Any]) -> None:
        config = order.get("config")
        self.binding = locate(
            Path(order["path"]),
            order["settings"],
            Path(config) if config else None,
            as_is=bool(order.get("as_is")),
        )
        self.contract = self.binding.contract(Path(order["contract"]), int(order["size"]))
        self.seed = order.get("seed") or DEFAULT_SEED
        self.world: Any = None

    def source(self) -> RungResult:
        return check_source(self.binding)

    def imports(self) -> RungResult:
        return check_imports(self.binding)

    def start(self) -> RungResult:
        return check_start(self.binding, self.contract)

    def database(self) -> RungResult:
        from coursegate.factories.preflight import check_database  # its models need a Django that has started

        result, self.world = check_database(self.contract, self.binding, self.seed)
        return result

    def http(self) -> RungResult:
        from coursegate.factories.preflight import check_http

        return check_http(self.contract, self.binding, self.world)


def main() -> None:
    order = json.loads(sys.argv[1])
    climber = _Climber(order)
    sys.path[:] = [entry for entry in sys.path if entry]  # `-m` put the caller's folder there
    ground = choose(joined())
    ground.announce()
    climber.binding.activate(Path(order["scratch"]))
    os.chdir(climber.binding.path)
    standing = ground.laid() if "database" in order["rungs"] else nullcontext()
    with standing, Path(order["told"]).open("a", encoding="utf-8") as told:
        for rung in order["rungs"]:
            faulthandler.dump_traceback_later(order["limits"][rung], exit=True)
            try:
                result: RungResult = getattr(climber, rung)()
            except BaseException as problem:  # whatever a target raises while it is looked at is its own
                result = RungResult(
                    rung, Verdict.FAIL, (describe(problem, climber.binding),), blocks="everything above"
                )
            faulthandler.cancel_dump_traceback_later()
            told.write(json.dumps(result.as_dict()) + "\n")
            told.flush()
            if result.blocks == "everything above":
                break
    os._exit(0)  # threads that the target left running must not hold the process


if __name__ == "__main__":
    main()
