"""The backend's own migrations, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

from coursegate.suites.deployed.promise import promised
from coursegate.suites.deployed.stage import Stage

PROGRAM = "coursegate.suites.deployed.migration_steps"


@promised("MOD-01", "CI-01")
def migrations_reach_the_head(stage: Stage) -> Iterator[str]:
    """On an empty PostgreSQL every migration applies; an answer stored before the last one is its question's after it."""
    told = stage.migrate(PROGRAM)
    if error := told.get("error"):
        yield f"{told['step']}: {error}"
    elif told["before"] and told["after"] != 1:
        yield f"of 1 answer that was stored before the last migration {told['after']} are found through their question"
