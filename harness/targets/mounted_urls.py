"""The URLconf that Django sees where the gate routes what nobody does: the target's own, and that."""

from __future__ import annotations

import importlib
import os
from typing import Any

from coursegate.harness.targets.mounting import OWN_VARIABLE, patterns

_own: Any = importlib.import_module(os.environ[OWN_VARIABLE])
urlpatterns = [*_own.urlpatterns, *patterns()]
for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(_own, _name):
        globals()[_name] = getattr(_own, _name)
