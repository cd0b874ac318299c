"""A process that migrates an empty database: `python -m coursegate.suites.deployed.migration_steps`. Prints JSON.

The overlay makes tables without migrations; here they are what is asked about, so the target's own are put back.
"""

from __future__ import annotations

import importlib
import json
import os
from typing import Any


def main() -> None:
    told: dict[str, Any] = {"step": "start", "error": "", "before": 0, "after": 0}
    try:
        _migrate(told)
    except BaseException as problem:  # whatever a migration raises is what is told
        told["error"] = f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
    print(json.dumps(told), flush=True)
    os._exit(0)


def _migrate(told: dict[str, Any]) -> None:
    from django.conf import settings

    from coursegate.harness.targets.binding import SETTINGS_VARIABLE

    own = importlib.import_module(os.environ[SETTINGS_VARIABLE])
    settings.MIGRATION_MODULES = getattr(own, "MIGRATION_MODULES", {})
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from coursegate.harness.probing.releases import previous_release

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    leaves = graph.leaf_nodes("courses")
    before = previous_release(graph, leaves[0]) if leaves else []
    answer = None
    if before:
        told["step"] = f"to {before[0][1]}"
        state = executor.migrate(before)
        answer = _stored_answer(state.apps)
        told["before"] = 1
    told["step"] = "to the head"
    call_command("migrate", verbosity=0, interactive=False)
    if answer is not None:
        from django.apps import apps

        question = apps.get_model("courses.Question")._base_manager.get()
        told["after"] = question.answers.filter(pk=answer).count()
    told["step"] = "makemigrations --check"
    call_command("makemigrations", check_changes=True, dry_run=True, interactive=False, verbosity=0)


def _stored_answer(apps: Any) -> Any:
    """A row of the model as it was then, with whatever it needs above it."""
    from coursegate.factories.filling import fill_required, fill_unique

    model = apps.get_model("courses", "Answer")
    row = model(**fill_required(model, {}))
    fill_unique(row)
    row.order = 1
    model._base_manager.bulk_create([row])  # as it was stored, whatever save() a later release has
    return row.pk


if __name__ == "__main__":
    main()
