"""What views are built from: conversions, SecureAPIView, the sensitive throttle, the schema's stand-ins."""

import importlib.util
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from courses import urls, views
from courses.throttling import SensitiveAPIThrottle
from courses.views.mixins import SecureAPIView, get_cache_key, safe_decimal_conversion, safe_int_conversion


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.34", "12.34"), ("12,34", "12.34"), (" -5 ", "-5"), (".5", "0.5"), ("7.", "7"), (3, "3"),
        ("", None), ("abc", None), ("NaN", None), ("Infinity", None), ("1,234.56", None), ("1e400", None),
        ("1_0", None), ("٣", None), (None, None),
    ],
)  # fmt: skip
def test_decimals(text: Any, value: str | None) -> None:
    assert safe_decimal_conversion(text) == (None if value is None else Decimal(value))
    assert safe_decimal_conversion(text, Decimal(9)) == Decimal(value or 9)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), (" +7 ", 7), ("-7", 1), ("9" * 40, 50), ("9" * 5000, 10),
        ("x", 10), ("", 10), (None, 10), (True, 10), ("1.5", 10),
    ],
)  # fmt: skip
def test_integers(text: Any, value: int) -> None:
    assert safe_int_conversion(text, 10, 1, 50) == value


def test_cache_keys_are_short_and_tell_arguments_apart() -> None:
    assert get_cache_key("x", 1, "2") != get_cache_key("x", "1", 2)
    assert len(get_cache_key("x", "y" * 10_000)) < 100


class Trivial(SecureAPIView):
    """Answers with nothing."""

    def get(self, request: Request) -> Response:
        return Response({})


class Sensitive(Trivial):
    throttle_classes = (SensitiveAPIThrottle,)


def test_a_secure_view_wants_a_caller_and_sets_its_headers(db: None, make_user: Callable[..., Any]) -> None:
    request = APIRequestFactory().get("/")
    assert Trivial.as_view()(request).status_code == 401

    force_authenticate(request, make_user())
    answers = [Trivial.as_view()(request) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["X-Content-Type-Options"] == "nosniff"
    assert answers[1].headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("where", ["SENSITIVE_API_THROTTLE_RATE", "REST_FRAMEWORK"])
def test_the_sensitive_budget_is_per_user_and_follows_the_settings(
    where: str, db: None, make_user: Callable[..., Any], settings: Any
) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "sensitive_api": "2/hour"}
    changed = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    setattr(settings, where, changed if where == "REST_FRAMEWORK" else "2/hour")

    def ask(user: Any) -> Response:
        request = APIRequestFactory().get("/")
        force_authenticate(request, user)
        return Sensitive.as_view()(request)

    first, second = make_user("first"), make_user("second")
    answers = [ask(first) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert ask(second).status_code == 200


def test_the_sensitive_throttle_is_one_class() -> None:
    assert views.SensitiveAPIThrottle is SensitiveAPIThrottle


def test_views_import_without_spectacular(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "drf_spectacular.utils", None)
    spec: Any = importlib.util.find_spec("courses.views.schema")
    stand_in: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stand_in)

    def handler() -> None:
        """Text of the handler."""

    decorate = stand_in.extend_schema(parameters=stand_in.query_parameters(q="Text"))
    assert stand_in.HAS_DRF_SPECTACULAR is False
    assert decorate(handler) is handler


def test_routes_have_their_published_names() -> None:
    names = {getattr(pattern, "name", None) for pattern in urls.urlpatterns}

    assert urls.app_name == "courses"
    assert names >= {
        f"{kind}-{page}" for kind in ("category", "course", "module", "lesson") for page in ("list", "detail")
    }
