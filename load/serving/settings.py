"""The settings a served checkout runs on: the gate's overlay, what several processes need, and one limit to probe."""

from __future__ import annotations

import json
import os
from typing import Any

import django

from coursegate.harness.targets.overlay_settings import *  # noqa: F403 -- a settings module is what it holds
from coursegate.load.serving.services import SERVICES_VARIABLE, THROTTLED_SCOPE, Services

_services = Services(**json.loads(os.environ[SERVICES_VARIABLE]))
_own: dict[str, Any] = globals()
if django.VERSION >= (5, 1):
    for _database in _own["DATABASES"].values():
        # Two writers of a file would else refuse each other in mid-transaction instead of waiting.
        _database["OPTIONS"] = _database["OPTIONS"] | {"transaction_mode": "IMMEDIATE"}
if _services.database:
    _own["DATABASES"] = {alias: dict(_services.database) for alias in _own["DATABASES"]}
if _services.cache:
    _own["CACHES"] = {
        alias: {**_services.cache, "KEY_PREFIX": alias} if alias != "default" else dict(_services.cache)
        for alias in _own["CACHES"]
    }
if _services.rate and THROTTLED_SCOPE in _own.get("REST_FRAMEWORK", {}).get("DEFAULT_THROTTLE_RATES", {}):
    _rates = _own["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"] | {THROTTLED_SCOPE: _services.rate}
    _own["REST_FRAMEWORK"] = _own["REST_FRAMEWORK"] | {"DEFAULT_THROTTLE_RATES": _rates}
