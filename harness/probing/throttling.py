"""Rate limits of a target in this process, lowered so far that a handful of requests reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from coursegate.harness.observation import Answer, Request
from coursegate.harness.probing.probe import Probe

TOO_MANY = 429


@contextmanager
def lowered(scope: str, rate: str) -> Iterator[None]:
    """Lower the rate of a scope wherever a backend may read it.

    That is: DRF's table of rates in the settings, the copy of it that DRF's classes took when they were loaded, a
    setting SCOPE_THROTTLE_RATE, and a rate that a throttle class of this scope has of its own.
    """
    from django.conf import settings
    from django.test import override_settings
    from rest_framework.throttling import SimpleRateThrottle

    framework = getattr(settings, "REST_FRAMEWORK", {})
    rates = {**framework.get("DEFAULT_THROTTLE_RATES", {}), scope: rate}
    with ExitStack() as stack:
        stack.enter_context(
            override_settings(
                REST_FRAMEWORK={**framework, "DEFAULT_THROTTLE_RATES": rates},
                **{f"{scope.upper()}_THROTTLE_RATE": rate},
            )
        )
        for throttle in (SimpleRateThrottle, *_below(SimpleRateThrottle)):
            own = vars(throttle)
            if "THROTTLE_RATES" in own:
                table = {**throttle.THROTTLE_RATES, scope: rate}
                stack.enter_context(patch.object(throttle, "THROTTLE_RATES", table))
            if isinstance(own.get("rate"), str) and getattr(throttle, "scope", None) == scope:
                stack.enter_context(patch.object(throttle, "rate", rate))
        yield


def _below(throttle: Any) -> Iterator[Any]:
    for inner in throttle.__subclasses__():
        yield inner
        yield from _below(inner)


def scopes_of(view: Any) -> set[str]:
    """The scopes of the throttles that a view puts a request to; one that it only names, and no throttle reads, is none."""
    from rest_framework.throttling import ScopedRateThrottle

    scopes = {
        # This one learns its scope from the view, with the request.
        getattr(view, throttle.scope_attr, None)
        if isinstance(throttle, ScopedRateThrottle)
        else getattr(throttle, "scope", None)
        for throttle in view.get_throttles()
    }
    return {str(scope) for scope in scopes if scope}


def spend(on: Probe, request: Request, scope: str, *, allowed: int = 2) -> list[Answer]:
    """The answers to one request more than the lowered rate allows; each with another query, for caches outside the view.

    They are not among the exchanges of the probe: a 429 is what is asked for here, not what hides the answer.
    """
    with lowered(scope, f"{allowed}/min"):
        on.target.clear_caches()
        return [on.target.send(request.asking(f"nth={number}")) for number in range(allowed + 1)]


def complaint(answers: list[Answer]) -> str:
    """What is wrong with the answers to one request too many; "" where only the last is refused, and says for how long."""
    *first, last = answers
    if early := [answer.status for answer in first if answer.status == TOO_MANY]:
        return f"{len(early)} of the {len(first)} allowed requests are refused"
    if last.status != TOO_MANY:
        return f"request {len(answers)} is answered {last.summary}, although {len(first)} are allowed"
    return (
        "" if last.header("Retry-After").isdigit() else "429 does not say with Retry-After when to come back"
    )
