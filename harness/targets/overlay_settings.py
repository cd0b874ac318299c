"""The settings module that Django sees: the target's own, with the overlay on top. Imported, never edited."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from coursegate.harness.targets.binding import (
    AS_IS_VARIABLE,
    DATABASE_VARIABLE,
    SCRATCH_VARIABLE,
    SETTINGS_VARIABLE,
    Database,
)
from coursegate.harness.targets.ground import announced
from coursegate.harness.targets.mounting import MOUNTED_VARIABLE, OWN_VARIABLE, URLCONF
from coursegate.harness.targets.overlay import REPLACED_EVEN_SO, notes_on_queues, overlay
from coursegate.harness.targets.seeding import REPLACED
from coursegate.harness.targets.watching import watch

# The target's own module, for whoever wants to know what stands under the overlay.
own = importlib.import_module(os.environ[SETTINGS_VARIABLE])
_values = {name: getattr(own, name) for name in dir(own) if name.isupper()}
# Where all goes that is stored, for whoever takes a copy of it.
COURSEGATE_SCRATCH = Path(os.environ[SCRATCH_VARIABLE])
_database = Database(os.environ[DATABASE_VARIABLE])
_changed, REPLACEMENTS = overlay(
    _values, COURSEGATE_SCRATCH, on_disk=_database is Database.DISK, ground=announced()
)
if _database is Database.OWN or os.environ.get(AS_IS_VARIABLE):
    _kept = REPLACED if _database is Database.OWN else REPLACED_EVEN_SO
    _changed = {name: value for name, value in _changed.items() if name in _kept}
    REPLACEMENTS = [item for item in REPLACEMENTS if item.setting in _kept]
REPLACEMENTS += notes_on_queues(_values)
watch(own, COURSEGATE_SCRATCH, _changed, REPLACEMENTS)
globals().update(_values)
if os.environ.get(MOUNTED_VARIABLE):
    os.environ[OWN_VARIABLE] = _values["ROOT_URLCONF"]
    _changed["ROOT_URLCONF"] = URLCONF
for _name, _value in _changed.items():
    if _value is None and _name.endswith("STORAGE"):
        globals().pop(_name, None)
    else:
        globals()[_name] = _value
