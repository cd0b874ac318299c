"""`courses/views/mixins.py`: the secure base view, the permission helper, the sensitive limit."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable, token_of
from coursegate.harness.encoding import URLENCODED
from coursegate.harness.observation import Answer, Request
from coursegate.harness.probing.forgery import LOGIN
from coursegate.harness.probing.mounting import mounted
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.probing.throttling import TOO_MANY, complaint, lowered, scopes_of, spend
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.started_otherwise import ANOTHER_RATE, started

MIXINS, SCOPE = "courses.views.mixins", "sensitive_api"
HELPER = "validate_permissions_and_raise"


def _trivial(base: Any, answer: Callable[[Any], Any] | None = None) -> Any:
    """The view of a subclass that answers GET, by default with one word."""
    from rest_framework.response import Response

    class TrivialView(base):  # type: ignore[misc]  # what its base is, the target says
        def get(self, request: Any) -> Any:
            return Response({"word": "kept"}) if answer is None else answer(request)

    return TrivialView.as_view()


@finding("VIEW-04", "SEC-05")
def the_secure_view_is_one_view(on: Probe) -> None:
    """`SecureAPIView` is an APIView, and the same one under both of its paths."""
    from rest_framework.views import APIView

    secure = on.name(f"{MIXINS}.SecureAPIView")

    assert issubclass(secure, APIView)
    assert on.name("courses.views.SecureAPIView") is secure


@finding("VIEW-04", writes=True)
def a_secure_view_is_for_the_signed_in(on: Probe) -> None:
    """A view made of it answers a caller with the project's own token, twice alike, and nobody without one."""
    with mounted(_trivial(on.name(f"{MIXINS}.SecureAPIView"))) as path:
        answers = [on.ask("GET", path, by="registered") for _ in range(2)]
        stranger = on.ask("GET", path)

    for answer in answers:
        assert (answer.status, answer.json) == (200, {"word": "kept"})
        assert answer.header("X-Content-Type-Options") == "nosniff"
    assert stranger.status in LOGIN, f"without credentials it answers {stranger.summary}"


@finding("VIEW-04", commits=True, kind=Kind.LEAK)
def a_secure_view_answers_each_by_name(on: Probe) -> None:
    """What a view made of it answered one caller, it answers neither the next one, nor somebody without credentials."""
    from rest_framework.response import Response

    callers = ("registered", "lapsed", "premium", "registered")
    view = _trivial(on.name(f"{MIXINS}.SecureAPIView"), lambda request: Response({"word": request.user.pk}))
    with mounted(view) as path:
        answers = [on.ask("GET", path, by=name) for name in callers]
        stranger = on.ask("GET", path)

    assert [answer.json for answer in answers] == [{"word": on.key(name)} for name in callers]
    assert stranger.status in LOGIN, f"without credentials it answers {stranger.summary}"


@finding("VIEW-04")
def a_secure_view_asks_as_the_project_does(on: Probe) -> None:
    """A view made of it looks at tokens with the classes that the project does by default, or with heirs of theirs."""
    from rest_framework.authentication import BasicAuthentication, SessionAuthentication
    from rest_framework.settings import api_settings

    own = on.name(f"{MIXINS}.SecureAPIView")().get_authenticators()
    default: Sequence[Any] = (
        api_settings.DEFAULT_AUTHENTICATION_CLASSES
    )  # classes, not their paths, once they are read here

    # It may go without sessions (VIEW-03), and without passwords in every request.
    tokens = [kind for kind in default if not issubclass(kind, (BasicAuthentication, SessionAuthentication))]
    if not tokens:
        raise NotApplicable("the project takes no tokens by default")

    lacking = [kind.__name__ for kind in tokens if not any(isinstance(one, kind) for one in own)]
    assert lacking == [], f"it has {', '.join(type(one).__name__ for one in own)} instead"


@finding("VIEW-04", writes=True)
def a_secure_view_is_limited(on: Probe) -> None:
    """A view made of it refuses a caller who asks more often than its limit allows."""
    secure = on.name(f"{MIXINS}.SecureAPIView")
    scopes = scopes_of(secure())
    assert scopes, "it has no throttle with a scope"

    with mounted(_trivial(secure)) as path:
        complaints = {scope: complaint(_asked(on, path, scope)) for scope in scopes}

    assert not all(complaints.values()), f"no limit of {complaints} speaks"


def _asked(on: Probe, path: str, scope: str) -> list[Answer]:
    token = {"Authorization": f"Bearer {on.client.sign_in('registered')}"}
    return spend(on, Request("GET", path, "registered", token), scope)


@finding("VIEW-06")
def the_helper_says_nothing_when_it_is_content(on: Probe) -> None:
    """The permission helper returns nothing for a condition that holds, and raises for one that does not."""
    helper = on.name(f"{MIXINS}.{HELPER}")

    assert helper(on.row("registered"), True) is None
    _must_raise(helper, on.row("registered"))


@finding("VIEW-06", cases={who: {"who": who} for who in ("staff", "anonymous", "nobody")})
def the_helper_goes_by_the_condition_alone(on: Probe, who: str) -> None:
    """Whoever asks, the permission helper raises for a condition that does not hold."""
    from django.contrib.auth.models import AnonymousUser

    found: dict[str, Callable[[], Any]] = {
        "staff": lambda: on.row("staff"),
        "anonymous": AnonymousUser,
        "nobody": lambda: None,
    }

    _must_raise(on.name(f"{MIXINS}.{HELPER}"), found[who]())


def _must_raise(helper: Any, user: Any) -> None:
    raised = _raised_by(helper, user, False)
    assert raised is not None, "it raises nothing for a condition that does not hold"


def _raised_by(helper: Any, *arguments: Any) -> Exception | None:
    try:
        helper(*arguments)
    except Exception as problem:
        return problem
    return None


@finding("VIEW-06")
def the_helper_is_called_as_ever(on: Probe) -> None:
    """The permission helper takes a user, a condition and, with its old default, a message."""
    parameters = inspect.signature(on.name(f"courses.views.{HELPER}")).parameters

    assert list(parameters)[:3] == ["user", "condition", "error_msg"]
    assert str(parameters["error_msg"].default) == "Permission denied"


@finding("VIEW-06", writes=True)
def a_denied_permission_is_forbidden(on: Probe) -> None:
    """What the permission helper refuses inside a view is answered 403, what it lets pass 200."""
    from rest_framework.response import Response

    helper = on.name(f"{MIXINS}.{HELPER}")

    def answer(request: Any) -> Any:
        helper(request.user, "X-Allowed" in request.headers)
        return Response({})

    with mounted(_trivial(on.name(f"{MIXINS}.SecureAPIView"), answer)) as path:
        allowed = on.ask("GET", path, by="registered", headers={"X-Allowed": "1"})
        assert allowed.status == 200
        assert on.ask("GET", path, by="registered").status == 403


@finding("VIEW-06", needs="source")
def nobody_uses_what_the_helper_returns(on: Probe) -> None:
    """Every call of the permission helper stands by itself; nothing is done with what it returns."""
    used = []
    for file in on.files("courses"):
        tree = on.tree(file)
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        used += [
            f"{file}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _names(node.func) == HELPER and id(node) not in alone
        ]

    assert used == []


def _names(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@finding("VIEW-07")
def there_is_one_permission_helper(on: Probe) -> None:
    """Under whatever path the permission helper can be imported, it is the same function."""
    first = on.name(f"{MIXINS}.{HELPER}")
    assert on.name(f"courses.views.{HELPER}") is first
    # However a module comes by it: an import of all that another one has, or one that is made when it is asked for.
    speaking = {file for file in on.files("courses") if _speaks_of(on.tree(file), HELPER)}
    names = {file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for file in speaking}
    loaded = {name for name in sys.modules if name.startswith("courses.") and ".tests" not in name}

    helpers = {name: getattr(importlib.import_module(name), HELPER, None) for name in sorted(names | loaded)}

    assert helpers[MIXINS] is first
    strangers = [name for name, helper in helpers.items() if helper not in (None, first)]
    assert strangers == [], f"another function than {MIXINS} has: {', '.join(strangers)}"


def _speaks_of(tree: ast.Module, name: str) -> bool:
    """Whether a module defines, imports or assigns this name anywhere."""
    return any(
        (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)
        or (isinstance(node, ast.alias) and name in {node.name, node.asname})
        or (isinstance(node, ast.Assign) and name in {_names(target) for target in node.targets})
        for node in ast.walk(tree)
    )


@finding("SEC-05", "VIEW-02")
def the_sensitive_limit_is_one_class(on: Probe) -> None:
    """`SensitiveAPIThrottle` is one class under all its paths, with a configured rate of scope sensitive_api."""
    throttle = on.name(f"{MIXINS}.SensitiveAPIThrottle")

    assert on.name("courses.views.SensitiveAPIThrottle") is throttle
    assert on.name("courses.urls.SensitiveAPIThrottle") is throttle
    assert throttle.scope == SCOPE
    assert throttle().num_requests, "it has no rate"


@finding("SEC-05", needs="source")
def its_rate_comes_from_the_settings(on: Probe) -> None:
    """The sensitive limit is what the settings say, in DRF's table of rates or in SENSITIVE_API_THROTTLE_RATE."""
    told = started(on, "rate")

    assert (told["requests"], told["seconds"]) == (int(ANOTHER_RATE.partition("/")[0]), 60)


@finding("SEC-05", writes=True)
def each_user_has_a_budget(on: Probe) -> None:
    """One user's spent budget for sensitive operations is nobody else's."""
    spent = on.sample("instructor-dashboard.retrieve")
    other = "peer" if spent.principal != "peer" else "owner"
    token = {"Authorization": f"Bearer {on.client.sign_in(other)}"}

    assert not (wrong := complaint(spend(on, spent, SCOPE))), wrong
    with lowered(SCOPE, "2/min"):
        answer = on.target.send(replace(spent, principal=other, headers=token))

    assert answer.status == 200, f"{other} is answered {answer.summary} once {spent.principal} is refused"


# How somebody may go on whose budget is spent: the operation, and what differs from how it is usually asked.
GOING_ON: dict[str, dict[str, Any]] = {
    "elsewhere": {"operation": "draft-courses.retrieve", "other": {}},
    "by-another-method": {"operation": "draft-courses.partial_update", "other": {}},
    "of-another-row": {"operation": "draft-content.retrieve", "other": {}},
    "as-a-form": {"operation": "draft-lessons.create", "other": {"media": URLENCODED}},
    "through-a-proxy": {
        "operation": "instructor-dashboard.retrieve",
        "other": {"headers": {"X-Forwarded-For": "203.0.113.9"}},
    },
    "with-another-token": {"operation": "draft-courses.retrieve", "other": {}, "anew": True},
}


@finding("SEC-05", "VIEW-02", writes=True, cases=GOING_ON)
def a_spent_budget_is_spent_everywhere(
    on: Probe, operation: str, other: dict[str, Any], *, anew: bool = False
) -> None:
    """Whoever has spent the sensitive budget has done so elsewhere, by other methods, as a form, by a proxy, signed in anew."""
    spent, then = on.sample("instructor-dashboard.retrieve"), on.sample(operation)
    if then.principal != spent.principal:
        raise NotApplicable(f"{operation} is not open to {spent.principal}")
    then = replace(then, **{**other, "headers": {**then.headers, **other.get("headers", {})}})
    if anew:
        given = token_of(on.target.send(on.client.token_request(then.principal)))
        then = replace(then, headers={**then.headers, "Authorization": f"Bearer {given}"})
    alone = spend(on, then, SCOPE)
    check_routed(operation, alone[0])
    if unlimited := complaint(alone):
        raise CannotAsk(f"{operation} does not keep the sensitive rate by itself: {unlimited}")

    assert not (wrong := complaint(spend(on, spent, SCOPE))), wrong
    with lowered(SCOPE, "2/min"):
        answer = on.target.send(then)

    assert answer.status == TOO_MANY, f"it is answered {answer.summary}"


@finding("SEC-05")
def the_same_user_has_one_budget_everywhere(on: Probe) -> None:
    """The budget belongs to the user, from whatever address and for whatever operation they ask."""
    from django.test import RequestFactory

    view = SimpleNamespace(throttle_scope=SCOPE)
    throttle, keys = on.name(f"{MIXINS}.SensitiveAPIThrottle")(), {}
    for name in ("owner", "peer"):
        user = on.row(name)
        for address in ("203.0.113.1", "203.0.113.2"):
            request: Any = RequestFactory().get("/", REMOTE_ADDR=address)
            request.user = user
            keys[name, address] = throttle.get_cache_key(request, view)

    assert keys["owner", "203.0.113.1"] == keys["owner", "203.0.113.2"]
    assert len(set(keys.values())) == 2, "two users share one budget"
