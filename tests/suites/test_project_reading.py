"""What the checks of a project's tests read out of them, in the forms that teams write them in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from coursegate.suites.regression import tests_of_tiers

PARAMETRISED = """
import pytest
{before}

@pytest.mark.parametrize({arguments})
def test_lessons(who):
    assert get(who, "/api/lessons/").status_code in (200, 401)
"""
SUBTESTS = """
from django.test import TestCase

class Tiers(TestCase):
    def test_lessons(self):
        for tier in ("guest", "registered", "premium"):
            with self.subTest(tier):
                self.assertEqual(self.client.get("/api/lessons/").status_code, 200)
"""


def _probe(root: Path) -> Any:
    """As much of a probe as these checks use."""
    return SimpleNamespace(
        checkout=SimpleNamespace(path=root, sources=root),
        once=lambda _what, look: look(),
        files=lambda _folder: [],
    )


@pytest.mark.parametrize(
    ("before", "arguments"),
    [
        ("", '"who", ["guest", "registered", "premium"]'),
        ('TIERS = ("guest", "registered", "premium")', '"who", TIERS'),
        ('PAYING = ("premium",)\nTIERS = ("guest", "registered", *PAYING)', '"who", TIERS'),
        ('LEVELS = {"guest": 0, "registered": 1, "premium": 2}', '"who", LEVELS'),
        ("", '("who", "code"), [("guest", 401), ("registered", 200), ("premium", 200)]'),
        (
            "from courses.constants import AccessLevel",
            '"who", [AccessLevel.GUEST, AccessLevel.REGISTERED.value, AccessLevel.PREMIUM]',
        ),
        ("from courses.constants import AccessLevel as Level", '"who", Level.values'),
        ("from courses import constants", '"who", list(constants.AccessLevel)'),
        ("from courses.constants import AccessLevel\nTIERS = AccessLevel.values()", '"who", TIERS'),
        ("", '"who", ["anonymous", "registered", "premium"]'),
        ("", '"who", ["guest_client", "registered_client", "premium_client"]'),
        ("", 'argnames="who", argvalues=["guest", "registered", "premium"]'),
    ],
)
def test_cases_of_all_tiers_are_found(tmp_path: Path, before: str, arguments: str) -> None:
    """A test that runs for the three tiers is found, whichever way its cases are written."""
    (tmp_path / "test_access.py").write_text(PARAMETRISED.format(before=before, arguments=arguments))

    tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))


EVERY = '"who", ["guest", "registered", "premium"]'
ELSEWHERE = {
    "mark of the class": f"""
import pytest

@pytest.mark.parametrize({EVERY})
class TestLessons:
    url = "/api/lessons/"

    def test_list(self, who):
        assert get(who, self.url).status_code == 200
""",
    "mark of the module": f"""
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize({EVERY})]

def test_list(who):
    assert get(who, "/api/lessons/").status_code == 200
""",
    "mark by name": f"""
import pytest
as_everybody = pytest.mark.parametrize({EVERY})

@as_everybody
def test_list(who):
    assert get(who, "/api/lessons/").status_code == 200
""",
    "fixture of a fixture": """
import pytest

@pytest.fixture
def client(tier):
    return login(tier)

@pytest.fixture(params=["guest", "registered", "premium"])
def tier(request):
    return request.param

def test_list(client):
    assert client.get("/api/lessons/").status_code == 200
""",
}


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_cases_that_stand_elsewhere_are_found(tmp_path: Path, text: str) -> None:
    """A test runs for what its class, its module or a fixture of its fixture is parametrised over."""
    (tmp_path / "test_access.py").write_text(text)

    tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))


def test_subtests_count_as_cases(tmp_path: Path) -> None:
    """A loop of subtests over the tiers counts, too."""
    (tmp_path / "tests.py").write_text(SUBTESTS)

    tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        '"who", ["registered", "premium"]',
        '("who", "lesson"), [("registered", "guest"), ("premium", "guest")]',
        '"who", [AccessLevel.REGISTERED, AccessLevel.PREMIUM]',
        '"who", [AccessLevel("registered"), AccessLevel("premium")]',
        '"who", CourseLevel.values',
    ],
)
def test_other_cases_are_none(tmp_path: Path, arguments: str) -> None:
    """A test that leaves guests out is none of all tiers, even where something else is called so."""
    (tmp_path / "test_access.py").write_text(PARAMETRISED.format(before="", arguments=arguments))

    with pytest.raises(AssertionError, match="no test that asks a path"):
        tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))


ASKED = """
import pytest
{before}

@pytest.mark.parametrize({arguments})
def test_lessons(who, code):
    assert get(who, "/api/lessons/").status_code == code
"""


@pytest.mark.parametrize(
    ("before", "allowed", "refused"),
    [
        ("", "200", "403"),
        ("from rest_framework import status", "status.HTTP_200_OK", "status.HTTP_403_FORBIDDEN"),
        (
            "from rest_framework.status import HTTP_200_OK, HTTP_401_UNAUTHORIZED",
            "HTTP_200_OK",
            "HTTP_401_UNAUTHORIZED",
        ),
        ("from http import HTTPStatus", "HTTPStatus.OK", "HTTPStatus.FORBIDDEN.value"),
        (
            "from rest_framework import status\nOK, NO = 1, 2\nGIVEN = status.HTTP_200_OK\nSHUT = status.HTTP_404_NOT_FOUND",
            "GIVEN",
            "SHUT",
        ),
    ],
)
def test_statuses_by_name_are_read(tmp_path: Path, before: str, allowed: str, refused: str) -> None:
    """What a test expects counts as a number and by the name of the status; who expects no refusal is told so."""
    cases = '("who", "code"), [("guest", {}), ("registered", {}), ("premium", {})]'
    text = ASKED
    file = tmp_path / "test_access.py"

    file.write_text(text.format(before=before, arguments=cases.format(refused, allowed, allowed)))
    tests_of_tiers.tests_expect_refusals_too(_probe(tmp_path))

    file.write_text(text.format(before=before, arguments=cases.format(allowed, allowed, allowed)))
    with pytest.raises(AssertionError, match="none expects to be refused"):
        tests_of_tiers.tests_expect_refusals_too(_probe(tmp_path))


@pytest.mark.parametrize(
    ("before", "above"),
    [
        ("pytestmark = pytest.mark.skip(reason='later')", ""),
        ("pytestmark = [pytest.mark.django_db, pytest.mark.skip]", ""),
        ("", "@pytest.mark.skip"),
        ("", "@pytest.mark.skipif(True, reason='later')"),
    ],
)
def test_tests_that_are_skipped_are_none(tmp_path: Path, before: str, above: str) -> None:
    """A test that never runs is none of all tiers, whether it is marked itself or its module is."""
    text = PARAMETRISED.format(before=before, arguments='"who", ["guest", "registered", "premium"]')
    (tmp_path / "test_access.py").write_text(
        text.replace("@pytest.mark.param", f"{above}\n@pytest.mark.param")
    )
    with pytest.raises(AssertionError):
        tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))


def test_tests_that_are_skipped_somewhere_count(tmp_path: Path) -> None:
    """A test that is skipped under a condition is one of all tiers."""
    before = "pytestmark = pytest.mark.skipif(sys.platform == 'win32', reason='elsewhere')"
    text = PARAMETRISED.format(before=before, arguments='"who", ["guest", "registered", "premium"]')
    (tmp_path / "test_access.py").write_text(text)

    tests_of_tiers.tests_ask_as_every_tier(_probe(tmp_path))
