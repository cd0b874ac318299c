"""Verification of certificates: genuine ones verify, others are told apart by nothing (VIEW-11, MOD-06)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from courses.certificate_numbers import generate_certificate_number
from courses.models import Certificate, Enrollment
from courses.validators import validate_certificate_number

from .world import EVERYBODY, World, build_world

UNKNOWN = "CERT-000001-000001-20240101000000-0123ABCD"
MALFORMED = ("not-a-number", "CERT-1", "x" * 50, "x" * 400, "cert-000001", "_", UNKNOWN + "0")


@pytest.fixture
def certificate(world: World) -> Certificate:
    enrollment = Enrollment.objects.create(user=world.people["registered"], course=world.course)
    return Certificate.objects.create(enrollment=enrollment)


def test_a_hundred_issued_numbers_verify(certificate: Certificate, get: Any) -> None:
    for number in range(100):
        issued = generate_certificate_number(number * 997, number + 1, timezone.now() - timedelta(number))
        validate_certificate_number(issued)
        certificate.certificate_number = issued
        certificate.full_clean()
        Certificate.objects.update(certificate_number=issued)

        assert get("guest", f"certificates/verify/{issued}/").data["is_valid"] is True


@pytest.mark.parametrize("number", ["CERT-000123-000456-20240131", "EDU-2024-000123", "CERT-a1b2c3d4e5"])
def test_numbers_in_historical_formats_keep_verifying(
    number: str, certificate: Certificate, get: Any
) -> None:
    Certificate.objects.update(certificate_number=number)

    assert get("guest", f"certificates/verify/{number}/").data["certificate_number"] == number


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_verifies_and_learns_no_address(who: str, certificate: Certificate, get: Any) -> None:
    answer = get(who, f"certificates/verify/{certificate.certificate_number}/")

    assert answer.status_code == 200
    assert list(answer.data) == [
        *("is_valid", "certificate_number", "issue_date", "course_title", "student_name"),
        *("verification_hash", "verified_at"),
    ]
    assert (answer.data["is_valid"], answer.data["student_name"]) == (True, "registered")
    assert b"@" not in answer.content


def test_a_revoked_certificate_says_so(certificate: Certificate, get: Any) -> None:
    certificate.revoke("Copied homework")
    answer = get("guest", f"certificates/verify/{certificate.certificate_number}/")

    assert (answer.status_code, answer.data["is_valid"]) == (200, False)
    assert answer.data["revocation_reason"] == "Copied homework"
    assert answer.data["revocation_date"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", MALFORMED)
def test_malformed_and_unknown_numbers_are_told_apart_by_nothing(
    number: str, transactional_db: None, monkeypatch: Any, settings: Any
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}
    calls: list[str] = []

    def spy(name: str) -> None:
        plain = getattr(LocMemCache, name)

        def spied(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return plain(*args, **kwargs)

        monkeypatch.setattr(LocMemCache, name, spied)

    for name in ("get", "set", "add", "delete"):
        spy(name)

    def trace(asked: str) -> tuple[Any, ...]:
        calls.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = APIClient().get(f"/api/certificates/verify/{asked}/")
        headers = {name: value for name, value in answer.headers.items() if name != "Date"}
        return answer.status_code, answer.content, headers, list(calls), len(captured)

    unknown = trace(UNKNOWN)
    assert unknown[0] == 404
    assert trace(UNKNOWN) == trace(number) == trace(number) == unknown
    assert b'"is_valid":false' in unknown[1]


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_of_a_certificate_ends_when_it_is_written(
    transactional_db: None, make_user: Callable[..., Any]
) -> None:
    world = build_world(make_user)
    enrollment = Enrollment.objects.create(user=world.people["registered"], course=world.course)
    certificate, client = Certificate.objects.create(enrollment=enrollment), APIClient()
    path = f"/api/certificates/verify/{certificate.certificate_number}/"
    cache.clear()

    def ask() -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        return answer.data.get("is_valid"), len(captured)

    assert [ask(), ask()] == [(True, 1), (True, 0)]
    certificate.revoke()
    assert [ask()[0], ask()[0]] == [False, False]
    certificate.delete()
    assert client.get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_revocation_wins_over_an_answer_that_was_read_before_it(
    transactional_db: None, make_user: Callable[..., Any], monkeypatch: Any
) -> None:
    world = build_world(make_user)
    enrollment = Enrollment.objects.create(user=world.people["registered"], course=world.course)
    certificate = Certificate.objects.create(enrollment=enrollment)
    path = f"/api/certificates/verify/{certificate.certificate_number}/"
    cache.clear()

    def read_then_revoked(user: Any) -> str:
        monkeypatch.undo()
        certificate.revoke()
        return "Somebody"

    monkeypatch.setattr("courses.certificate_verification.display_name", read_then_revoked)
    assert APIClient().get(path).data["is_valid"] is True
    assert APIClient().get(path).data["is_valid"] is False
