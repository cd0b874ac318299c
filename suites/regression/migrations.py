"""`courses/migrations/*`: from models to tables, on PostgreSQL, in a fresh interpreter with the backend's own migrations."""

from __future__ import annotations

import json
from typing import Any

from coursegate.harness.client import CannotAsk, CannotAssess, NotApplicable
from coursegate.harness.probing.interpreter import Finished
from coursegate.harness.probing.probe import Probe
from coursegate.harness.services.guarding import NoService
from coursegate.harness.services.services import joined
from coursegate.harness.targets.ground import GROUND_VARIABLE
from coursegate.harness.verdicts import NEEDS_POSTGRES, Kind
from coursegate.suites.regression.finding import finding

# The overlay makes tables without migrations; here they are what is asked about.
MIGRATE = r"""
import importlib, io, json, os, sys
import django
from django.conf import settings

own = importlib.import_module(os.environ["COURSEGATE_TARGET_SETTINGS"])
settings.MIGRATION_MODULES = getattr(own, "MIGRATION_MODULES", {})
django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from coursegate.factories.stored import Stored
from coursegate.harness.probing.releases import states_to_store_at

APP, UNHEARD = "courses", os.environ.get("COURSEGATE_UNHEARD_LEVEL", "")
stored = Stored(APP)


def tell(step, error="", **more):
    print(json.dumps({"step": step, "error": error, **more}), flush=True)


def tried(step, work):
    try:
        tell(step, **(work() or {}))
        return True
    except BaseException as problem:
        tell(step, error=f"{type(problem).__name__}: {problem}"[:400])
        return False


def complete():
    said = io.StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, interactive=False, stdout=said, stderr=said)
    except SystemExit as ended:
        if ended.code:
            raise RuntimeError("changes that no migration makes: " + " ".join(said.getvalue().split())) from None


def known(executor, state):
    return list(executor.loader.project_state([state]).apps.get_models(include_auto_created=True))


def last(executor):
    leaves = executor.loader.graph.leaf_nodes(APP)
    if len(leaves) != 1:
        raise RuntimeError(f"the migrations of courses end in {len(leaves)} places")
    return leaves[0]


def of_earlier_releases():
    executor = MigrationExecutor(connection)
    states = states_to_store_at(executor.loader.graph, last(executor), os.environ["COURSEGATE_FORMER_MIGRATION"])
    for state in states:
        executor = MigrationExecutor(connection)
        executor.migrate([state])
        stored.add(known(executor, state))
    return {"previous": [name for _, name in states]}


def kept():
    executor = MigrationExecutor(connection)
    now = {model._meta.object_name: model for model in known(executor, last(executor)) if model._meta.app_label == APP}
    compared = sorted({name for name, _ in stored.rows if name in now})
    return {"lost": stored.lost(now), "compared": compared, "unmade": stored.unmade}


def lessons_at(executor, key):
    return next(model for model in known(executor, key) if model._meta.label == f"{APP}.Lesson")._base_manager


def with_an_unheard_level():
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    chain = [key for key in graph.forwards_plan(last(executor)) if key[0] == APP]
    later = next((number for number, key in enumerate(chain) if not graph.nodes[key].initial), None)
    if later is None:
        return {"why": "the last migration of courses is an initial one: nothing was stored before it"}
    released = chain[max(later - 1, 0)]
    executor.migrate([released])
    lessons = lessons_at(executor, released)
    stored.add([lessons.model])
    try:
        lessons.filter(pk=stored.rows["Lesson", 0]["pk"]).update(access_level=UNHEARD)
    except Exception as problem:
        return {"why": f"the first tables take no such level: {type(problem).__name__}"}


def level():
    executor = MigrationExecutor(connection)
    rows = lessons_at(executor, last(executor)).filter(pk=stored.rows["Lesson", 0]["pk"])
    return {"level": rows.values_list("access_level", flat=True).first()}


if UNHEARD:
    if tried("unheard", with_an_unheard_level) and tried("migrate", lambda: call_command("migrate", verbosity=0)):
        tried("level", level)
    sys.exit()

tried("complete", complete)
if tried("previous", of_earlier_releases) and tried("migrate", lambda: call_command("migrate", verbosity=0)):
    tried("kept", kept)
"""


def _step(on: Probe, name: str, *, real: bool = True) -> dict[str, Any]:
    """How a step went; on PostgreSQL, or for one that is not `real` on whatever there is.

    Raises:
        CannotAssess: it needs PostgreSQL, and that cannot be had.
    """
    former = {"COURSEGATE_FORMER_MIGRATION": on.checkout.agreement.former_migration}
    done, lacking = on.once("migrations", lambda: _migrated(on, former))
    if real and lacking:
        raise CannotAssess(f"{NEEDS_POSTGRES}: {lacking}")
    told = _told(done)
    found = {step["step"]: step for step in told}
    assert name in found, f"it did not come to that: {_first_error(told) or done.last_line}"
    return dict(found[name])


def _told(done: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines() if line.startswith('{"step"')]


def _migrated(on: Probe, wanted: dict[str, str]) -> tuple[Finished, str]:
    """The program's end, on a PostgreSQL database of its own; or on SQLite, and why there is no other."""
    services = joined()
    try:
        if services is None:
            raise NoService("this run has no services")
        with services.database() as (server, name):
            database = {**server.django(name), "OPTIONS": {}}
            ground = {GROUND_VARIABLE: json.dumps({"database": database})}
            return on.fresh(MIGRATE, environment=ground | wanted), ""
    except NoService as problem:
        return on.fresh(MIGRATE, environment=wanted), str(problem)


def _first_error(told: list[dict[str, Any]]) -> str:
    return next((f"{step['step']}: {step['error']}" for step in told[1:] if step["error"]), "")


@finding("VAL-05", needs="source")
def migrations_are_complete(on: Probe) -> None:
    """`makemigrations --check --dry-run` finds nothing that the migrations do not make."""
    assert _step(on, "complete", real=False)["error"] == ""


@finding("VAL-05", needs="source")
def an_empty_database_can_be_migrated(on: Probe) -> None:
    """Every migration applies to an empty database, one after the other."""
    assert _step(on, "migrate")["error"] == ""


@finding("VAL-05", "MOD-05", needs="source")
def rows_of_the_previous_release_are_kept(on: Probe) -> None:
    """Rows of every model, stored in the previous release or when their model was new, are the same after the last one."""
    before = _step(on, "previous")
    assert before["error"] == ""
    if not before["previous"]:
        raise NotApplicable(
            "which migration of courses the previous release ended with is not known: the last one is an initial one, or "
            "coursegate.toml has to say it ([former] migration)"
        )

    kept = _step(on, "kept")

    assert kept["error"] == ""
    assert kept["lost"] == []
    if kept["unmade"] or not kept["compared"]:
        raise CannotAsk(f"rows that an earlier release has not let itself be given: {kept['unmade']}")


# The levels of the audited models; whoever reads premium opens the highest of them.
LEVELS = frozenset({"guest", "registered", "premium", "enterprise"})
UNHEARD = "unheard-of"


@finding("VAL-05", "policy 1", needs="source", kind=Kind.LEAK)
def migrating_opens_no_unknown_level(on: Probe) -> None:
    """A lesson of a level that nobody knows, stored in the first tables, is of no known level after the last migration."""
    done, lacking = _migrated(on, {"COURSEGATE_UNHEARD_LEVEL": UNHEARD})
    if lacking:
        raise CannotAssess(f"{NEEDS_POSTGRES}: {lacking}")
    steps = {step["step"]: step for step in _told(done)}
    before, migrated, after = (steps.get(name, {}) for name in ("unheard", "migrate", "level"))
    if not before or before["error"]:
        raise CannotAsk(f"no such lesson was stored: {before.get('error') or done.last_line}")
    if before.get("why"):
        raise NotApplicable(before["why"])
    if migrated.get("error"):
        if without := _step(on, "migrate")["error"]:
            raise CannotAsk(f"the migrations break off without such a lesson as well: {without}")
        raise NotApplicable(f"the migrations refuse such a lesson: {migrated['error']}")
    if after.get("error"):
        raise CannotAsk(f"what became of the lesson cannot be read: {after['error']}")

    assert after["level"] not in LEVELS, (
        f"a lesson of the level {UNHEARD} is one of {after['level']} after it"
    )
