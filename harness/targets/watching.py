"""What cannot be replaced in settings, and is seen to as the target's models and applications come up.

Through signals, so that it holds in every process that starts the target: the gate's, its servers' and its workers'.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.signals import request_started
from django.db.models.signals import class_prepared

from coursegate.harness.targets.overlay import Replacement
from coursegate.harness.targets.queues import Celery
from coursegate.harness.targets.scratch_files import keep_files_in
from coursegate.harness.targets.unmigrated import AS_IS, beyond_models, checkout_of, is_unmanaged

_MIGRATIONS = "MIGRATION_MODULES"


def watch(own: ModuleType, scratch: Path, changed: Mapping[str, Any], listed: list[Replacement]) -> None:
    """Called once in a process, when its settings are loaded.

    Args:
        own: the target's settings.
        changed: those of the overlay.
        listed: what the report says of it; grows as models are loaded.
    """

    def note(setting: str, now: str, reason: str) -> None:
        if all(item.setting != setting for item in listed):
            listed.append(Replacement(setting, now, reason))

    def note_field(label: str) -> None:
        note(label, "stored in a temporary folder", "nothing is written into the target")

    root = checkout_of(own)
    _connect(keep_files_in(scratch, note_field), "files")
    celery = Celery(changed)
    celery.replace()
    _connect(celery.replace, "celery")
    request_started.connect(celery.replace, weak=False, dispatch_uid="coursegate.celery")
    if _MIGRATIONS not in changed:
        note(_MIGRATIONS, "the target's own", "its migrations are run")
        return
    for file, operations in beyond_models(root):
        note(file, f"{operations} not run", f"tables are made from the models; {AS_IS}")

    def note_unmanaged(sender: type[Any], **_kwargs: Any) -> None:
        if is_unmanaged(sender, root):
            note(sender._meta.label, "no table", f"managed = False: its migrations are not run; {AS_IS}")

    _connect(note_unmanaged, "unmanaged")


def _connect(receiver: Any, name: str) -> None:
    class_prepared.connect(receiver, weak=False, dispatch_uid=f"coursegate.{name}")
