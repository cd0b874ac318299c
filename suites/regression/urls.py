"""`courses/urls.py`: routes that are limited, kept and closed as they ask for."""

from __future__ import annotations

import inspect
from typing import Any

from coursegate.harness.observation import Request
from coursegate.harness.probing.forgery import LOGIN
from coursegate.harness.probing.mounting import mounted
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.throttling import complaint, scopes_of, spend
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

SCOPE, PLAIN_SCOPE = "sensitive_api", "api"
# Declared with the sensitive limit by the audited routes.
LIMITED = ("instructor-dashboard.retrieve", "course-analytics.retrieve")


@finding("URL-01", writes=True, cases={name: {"operation": name} for name in LIMITED})
def a_sensitive_route_is_limited(on: Probe, operation: str) -> None:
    """A route that asks for the sensitive limit refuses the request beyond it; its view class has the limit."""
    request = on.sample(operation)

    assert not (wrong := complaint(spend(on, request, SCOPE))), wrong
    view = _view_class(request.path)
    assert SCOPE in scopes_of(view()), f"{view.__name__} has no throttle of scope {SCOPE}"


def _view_class(path: str) -> Any:
    from django.urls import resolve

    return _class_of(resolve(path.partition("?")[0]).func)


def _class_of(view: Any) -> Any:
    return getattr(view, "cls", None) or getattr(view, "view_class", None)


def _trivial(is_open: bool = False, *, by_name: bool = False) -> Any:
    from rest_framework.permissions import AllowAny
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class TrivialView(APIView):
        """Answers GET with one word, or with who asks."""

        def get(self, request: Any) -> Any:
            return Response({"word": request.user.pk if by_name else "kept"})

    # What a view that says nothing asks for by default, is the project's choice.
    return type("OpenView", (TrivialView,), {"permission_classes": [AllowAny]}) if is_open else TrivialView


def _routed(on: Probe, kind: str, is_open: bool = False, *, by_name: bool = False, **options: Any) -> Any:
    """A view for `path()`, decorated by the target's `secure_endpoint` as a class or as the function of one."""
    decorate = on.name("courses.urls.secure_endpoint")(**options)
    view = _trivial(is_open, by_name=by_name)
    decorated = decorate(view if kind == "class" else view.as_view())
    as_view = getattr(decorated, "as_view", None)
    return decorated if as_view is None else as_view()


# Two of one level, and one of another.
CALLERS = ("registered", "lapsed", "premium")
KINDS = {kind: {"kind": kind} for kind in ("class", "function")}
# Each asks for the limit of its own.
LIMITS: dict[str, dict[str, Any]] = {
    **KINDS,
    **{f"{kind}-plain": {"kind": kind, "sensitive": False} for kind in KINDS},
}


@finding(
    "URL-01",
    writes=True,
    cases=LIMITS | {f"{kind}-open": {"kind": kind, "is_open": True} for kind in KINDS},
)
def secure_endpoint_limits(on: Probe, kind: str, sensitive: bool = True, is_open: bool = False) -> None:
    """What `secure_endpoint` makes of a view refuses the request beyond the limit of its scope, sensitive_api or api,
    whether or not it asks for an account.
    """
    scope = SCOPE if sensitive else PLAIN_SCOPE
    view = _routed(on, kind, is_open, sensitive=sensitive, **({"require_auth": False} if is_open else {}))

    with mounted(view) as path:
        token = {"Authorization": f"Bearer {on.client.sign_in('registered')}"}
        answers = spend(on, Request("GET", path, "registered", token), scope)

    assert [answer.status for answer in answers[:-1]] == [200, 200]
    assert not (wrong := complaint(answers)), wrong
    assert scope in scopes_of(_class_of(view)()), f"its view class has no throttle of scope {scope}"


@finding("URL-01", writes=True, cases=KINDS)
def asking_for_the_headers_alone_counts(on: Probe, kind: str) -> None:
    """HEAD, for which the whole view runs, is refused beyond the limit as GET is."""
    with mounted(_routed(on, kind, sensitive=True)) as path:
        token = {"Authorization": f"Bearer {on.client.sign_in('registered')}"}
        answers = spend(on, Request("HEAD", path, "registered", token), SCOPE)

    assert [answer.status for answer in answers[:-1]] == [200, 200]
    assert not (wrong := complaint(answers)), wrong


@finding("URL-01", writes=True, cases=LIMITS)
def a_kept_answer_is_limited_too(on: Probe, kind: str, sensitive: bool = True) -> None:
    """A route that keeps its answers for a while refuses the request beyond the limit of its scope all the same."""
    view, scope = (
        _routed(on, kind, sensitive=sensitive, cache_timeout=60),
        SCOPE if sensitive else PLAIN_SCOPE,
    )

    with mounted(view) as path:
        token = {"Authorization": f"Bearer {on.client.sign_in('registered')}"}
        answers = spend(on, Request("GET", path, "registered", token), scope)

    assert answers[0].status == 200
    assert not (wrong := complaint(answers)), wrong


@finding("URL-01", "VIEW-04", commits=True, kind=Kind.LEAK, cases=KINDS)
def a_kept_answer_is_its_callers(on: Probe, kind: str) -> None:
    """What a route keeps for one caller is answered neither to the next one, nor to nobody."""
    with mounted(_routed(on, kind, by_name=True, cache_timeout=60, require_auth=True)) as path:
        answers = [on.ask("GET", path, by=name) for name in (*CALLERS, *CALLERS)]
        stranger = on.ask("GET", path)

    assert [answer.json for answer in answers] == [{"word": on.key(name)} for name in (*CALLERS, *CALLERS)]
    assert stranger.json not in [answer.json for answer in answers], (
        "it is answered to somebody without credentials"
    )


@finding("URL-01", writes=True, cases=KINDS)
def secure_endpoint_closes(on: Probe, kind: str) -> None:
    """With `require_auth=True` a view of `secure_endpoint` is for the signed-in; with False an open one stays open."""
    with mounted(_routed(on, kind, require_auth=True)) as path:
        assert on.ask("GET", path).status in LOGIN
        assert on.ask("GET", path, by="registered").json == {"word": "kept"}

    with mounted(_routed(on, kind, is_open=True, require_auth=False)) as path:
        assert on.ask("GET", path).json == {"word": "kept"}


@finding("URL-01")
def the_routes_keep_their_names(on: Probe) -> None:
    """`secure_endpoint` takes what it always took, and the module offers what others import from it."""
    parameters = list(inspect.signature(on.name("courses.urls.secure_endpoint")).parameters)

    assert parameters[:3] == ["cache_timeout", "require_auth", "sensitive"]
    assert on.name("courses.urls.app_name") == "courses"
    for name in ("CACHE_TIMEOUTS", "router", "urlpatterns"):
        assert on.name(f"courses.urls.{name}"), f"{name} is empty"
