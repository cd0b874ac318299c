"""Whether the target could make its tables by itself: its migrations, as they stand beside the models."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from coursegate.harness.targets.binding import Binding


def unmigrated(binding: Binding) -> list[str]:
    """One line for each app of the target's own that has models and no migrations, unless its settings say so.

    The gate makes tables from the models, so nothing is blocked by it; a deployment would have no tables at all.
    """
    from django.apps import apps

    told = []
    for config in apps.get_app_configs():
        if not binding.owns(config.path) or not any(model._meta.managed for model in config.get_models()):
            continue
        module = _said(config.label, f"{config.name}.migrations")
        if module and not _has_files(module):
            told.append(
                f"{config.name} has models and no migrations: a deployment cannot make its tables "
                f"(manage.py makemigrations {config.label})"
            )
    return told


def outdated() -> str:
    """Which apps' models have changed since their last migration; "" where none has, or nobody can say."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.test import override_settings
    from django.utils import translation

    try:
        # Names of models are compared as they were written, not as the backend's language has them (so does makemigrations).
        with override_settings(MIGRATION_MODULES=_own_modules()), translation.override(None):
            loader = MigrationLoader(None, ignore_no_migrations=True)
            detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
            changes = detector.changes(graph=loader.graph)
    except Exception as problem:  # migrations are code: whatever they raise is theirs
        return (
            f"the migrations cannot be read: {type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
        )
    stale = [label for label in sorted(changes) if label in loader.migrated_apps]
    return f"models have changed since the last migration of {', '.join(stale)}" if stale else ""


def _own_modules() -> dict[str, Any]:
    """What the target's own settings say of migrations; the overlay says that there are none."""
    from coursegate.harness.targets import overlay_settings

    return dict(getattr(overlay_settings.own, "MIGRATION_MODULES", {}))


def _said(label: str, usual: str) -> str | None:
    said: str | None = _own_modules().get(label, usual)
    return said


def _has_files(module: str) -> bool:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return False
    places = spec.submodule_search_locations if spec else None
    return any(path.stem != "__init__" for place in places or () for path in Path(place).glob("*.py"))
