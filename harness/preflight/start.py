"""Third rung: Django starts, its checks run, the URLconf loads, and it is the right backend that did."""

from __future__ import annotations

import contextlib
import importlib

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.describing import describe
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.mounting import lost, unrouted
from coursegate.harness.targets.naming import naming_of
from coursegate.harness.verdicts import Verdict


def check_start(binding: Binding, contract: Contract | None = None) -> RungResult:
    """Start Django on the target. Failing system checks are noted: many backends answer requests all the same.

    Args:
        contract: to look for views that nobody routes; without one, nobody looks.
    """
    try:
        import django

        django.setup()
        if stranger := _stranger(binding):
            return RungResult("start", Verdict.FAIL, (stranger,), blocks="everything above")
        notes = _system_checks()
        found = _routes()
        named = _named(found, binding, contract) if contract else []
        mounted = [item.as_dict() for item in unrouted(contract, named)] if contract else []
        overlay = [*_overlay(), *([_URLCONF] if mounted else [])]
        extra = {"overlay": overlay, "versions": _versions(), "routes": found, "mounted": mounted}
        extra["lost"] = lost(contract, named) if contract else {}
        notes += [
            f"nobody routes {item['view']}: it is judged at {item['path']}, where the gate routes it"
            for item in mounted
        ]
    except (Exception, SystemExit) as problem:
        return RungResult("start", Verdict.FAIL, (describe(problem, binding),), blocks="everything above")
    return RungResult("start", Verdict.PASS, notes=tuple(notes), extra=extra)


_URLCONF = {
    "setting": "ROOT_URLCONF",
    "now": "the target's, and views that nobody routes",
    "reason": "they are judged, too",
}


def _named(routes: list[tuple[str, str, str]], binding: Binding, contract: Contract) -> list[tuple[str, str]]:
    """Method and path of every route, the path as the contract has it."""
    naming = naming_of(binding.agreement, contract.api)
    return [(method, naming.of_contract(path)) for method, path, _ in routes]


def _stranger(binding: Binding) -> str:
    """Why the `courses` that was imported is not the target's; "" where it is."""
    package = importlib.import_module("courses")
    places = [package.__file__] if package.__file__ else list(package.__path__)
    if any(binding.owns(place) for place in places):
        return ""
    return f"`courses` was imported from {places[0]}, which is not the target: another checkout stands in its way"


def _system_checks() -> list[str]:
    from django.core import checks

    try:
        return [
            f"system check {message.id}: {message.msg}"
            for message in checks.run_checks()
            if message.level >= checks.ERROR
        ]
    except Exception as problem:
        return [f"system checks raise {type(problem).__name__}: {problem}"]


def _routes() -> list[tuple[str, str, str]]:
    """What the URLconf routes; loading it imports every view."""
    from coursegate.harness.targets.routes import routes

    return [(route.method, route.path, route.view) for route in routes()]


def _overlay() -> list[dict[str, str]]:
    from coursegate.harness.targets import overlay_settings

    return [
        {"setting": item.setting, "now": item.now, "reason": item.reason}
        for item in overlay_settings.REPLACEMENTS
    ]


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for package in ("Django", "djangorestframework", "djangorestframework-simplejwt"):
        with contextlib.suppress(PackageNotFoundError):
            versions[package] = version(package)
    return versions
