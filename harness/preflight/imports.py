"""Second rung: settings, apps and each module of `courses` import. Nothing is started."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from coursegate.harness.preflight.describing import describe
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.preflight.named import absent_packages
from coursegate.harness.probing.syntax import is_of_tests
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict


def check_imports(binding: Binding) -> RungResult:
    """Fill the app registry as `django.setup()` does, but without any `ready()`; then import `courses.*`."""
    try:
        from django.conf import settings

        if absent := absent_packages(settings, binding):
            return RungResult("imports", Verdict.FAIL, tuple(absent), blocks="everything above")
        _populate()
    except (Exception, SystemExit) as problem:
        return RungResult("imports", Verdict.FAIL, (describe(problem, binding),), blocks="everything above")
    causes = []
    for name in _module_names():
        if name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except (Exception, SystemExit) as problem:
            causes.append(f"{describe(problem, binding)} (importing {name})")
    verdict = Verdict.FAIL if causes else Verdict.PASS
    return RungResult("imports", verdict, tuple(causes), blocks="what these modules hold" if causes else "")


def _populate() -> None:
    """The first two phases of `apps.populate()`: configurations, then models. The third would run the target."""
    from django.apps import AppConfig, apps
    from django.conf import settings

    for entry in settings.INSTALLED_APPS:
        config = AppConfig.create(entry)
        apps.app_configs[config.label] = config
        config.apps = apps
    apps.apps_ready = True
    apps.clear_cache()
    for config in apps.get_app_configs():
        config.import_models()
    apps.clear_cache()
    apps.models_ready = apps.ready = True


def _module_names() -> list[str]:
    package = importlib.import_module("courses")
    names = [
        module.name
        for module in pkgutil.walk_packages(package.__path__, "courses.", onerror=lambda _name: None)
    ]
    return [
        name
        for name in names
        if "migrations" not in name.split(".") and not any(map(is_of_tests, name.split(".")))
    ]
