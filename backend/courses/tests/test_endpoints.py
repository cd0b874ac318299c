"""`secure_endpoint`: limits that hold, answers that are kept for nobody else, ids of the schema (URL-01)."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from rest_framework import viewsets
from rest_framework.decorators import api_view
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from courses import urls, views
from courses.endpoints import EndpointSchema, LegacyEndpointSchema
from courses.throttling import APIThrottle, SensitiveAPIThrottle
from courses.urls import secure_endpoint

calls: Iterator[int] = count()


class Counter(APIView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response({"call": next(calls), "by": request.user.pk})

    def post(self, request: Request) -> Response:
        return Response({"call": next(calls)}, status=201)


class CounterViewSet(viewsets.ViewSet):
    permission_classes = (AllowAny,)

    def list(self, request: Request) -> Response:
        return Response({"call": next(calls)})


def plain(request: Request) -> Response:
    return Response({"call": next(calls)})


FORMS: dict[str, Callable[[Any], Any]] = {
    "class": lambda secure: secure(Counter).as_view(),
    "as_view": lambda secure: secure(Counter.as_view()),
    "as_view_without_limits": lambda secure: secure(Counter.as_view(throttle_classes=())),
    "viewset": lambda secure: secure(CounterViewSet).as_view({"get": "list"}),
    "viewset_as_view": lambda secure: secure(CounterViewSet.as_view({"get": "list"})),
    "api_view": lambda secure: secure(api_view(["GET"])(plain)),
    "function": lambda secure: secure(plain),
}
each_form = pytest.mark.parametrize("form", FORMS)


def ask(view: Any, user: Any = None, query: str = "", method: str = "get") -> Response:
    request = getattr(APIRequestFactory(), method)(f"/counter/?{query}")
    if user is not None:
        force_authenticate(request, user)
    answer: Response = view(request)
    return answer


def limit(settings: Any, **rates: str) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], **rates}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}


@each_form
@pytest.mark.parametrize("sensitive", [True, False])
def test_the_limit_of_a_route_holds(
    form: str, sensitive: bool, settings: Any, make_user: Callable[..., Any]
) -> None:
    """The third request of two per hour is refused, also when the answers are kept."""
    limit(settings, api="2/hour", sensitive_api="2/hour")
    view = FORMS[form](secure_endpoint(cache_timeout=60, sensitive=sensitive))
    one, another = make_user("one"), make_user("another")

    seen = [ask(view, one, f"n={n}").status_code for n in (1, 2, 3)]
    same = [ask(view, another).status_code for _ in range(3)]

    assert (SensitiveAPIThrottle if sensitive else APIThrottle) in view.cls.throttle_classes
    assert seen == same == [200, 200, 429]


@each_form
def test_a_route_keeps_strangers_out_unless_it_is_open(form: str, db: None) -> None:
    """Without a token a route answers 401, and 200 where signing in is not required."""
    closed, opened = (FORMS[form](secure_endpoint(require_auth=required)) for required in (True, False))

    assert ask(closed).status_code == 401
    assert ask(opened).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_for_its_caller_alone(make_user: Callable[..., Any]) -> None:
    """A kept answer reaches the same caller again, nobody else, and nobody of another level."""
    view = secure_endpoint(cache_timeout=60, require_auth=False)(Counter).as_view()
    one, another = make_user("one"), make_user("another")

    first, again, other, guest = (ask(view, user).data for user in (one, one, another, None))

    assert first == again
    assert [answer["by"] for answer in (first, other, guest)] == [one.pk, another.pk, None]
    one.subscription.tier = "premium"
    one.subscription.save()
    assert ask(view, one).data != first


@pytest.mark.django_db(transaction=True)
def test_only_successful_answers_to_get_are_kept(make_user: Callable[..., Any]) -> None:
    """Writes run every time, and so does a view whose answer is no success."""

    class Failing(Counter):
        def get(self, request: Request) -> Response:
            return Response({"call": next(calls)}, status=503)

    user = make_user()
    for view_class, method in ((Counter, "post"), (Failing, "get")):
        view = secure_endpoint(cache_timeout=60)(view_class).as_view()

        assert ask(view, user, method=method).data != ask(view, user, method=method).data


def test_the_decorated_view_stays_as_it_is() -> None:
    """Securing a view leaves the view itself, and the limits it had, alone."""
    before = Counter.throttle_classes

    secured = secure_endpoint(sensitive=True)(Counter)

    assert Counter.throttle_classes == before
    assert issubclass(secured, Counter)
    assert (secured.__name__, secured.__module__) == (Counter.__name__, Counter.__module__)


def test_answers_tell_caches_what_they_depend_on(db: None) -> None:
    """Every answer of a secured route varies by caller and language."""
    view = secure_endpoint(require_auth=False)(Counter).as_view()

    assert {"Authorization", "Accept-Language"} <= set(ask(view)["Vary"].split(", "))


def test_the_schema_tells_routes_of_one_view_apart() -> None:
    """A suffix becomes part of the operation's id; a legacy path is deprecated."""
    secured = secure_endpoint(operation_id_suffix="again")(Counter)

    assert isinstance(secured.schema, EndpointSchema)
    assert secured.schema.operation_id_suffix == "again"
    assert LegacyEndpointSchema().is_deprecated()


def test_there_is_one_sensitive_throttle() -> None:
    """The throttle is the same object in `urls`, in `views` and where it is defined (SEC-05)."""
    assert urls.SensitiveAPIThrottle is views.SensitiveAPIThrottle is SensitiveAPIThrottle
