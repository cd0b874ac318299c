"""The app without the libraries that it can do without."""

import sys

import pytest
from django.apps import apps


def test_the_app_starts_without_a_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without drf-spectacular the app is ready, and its part of the schema is not loaded (VIEW-08)."""
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "drf_spectacular")
    monkeypatch.delitem(sys.modules, "users.schema", raising=False)

    apps.get_app_config("users").ready()

    assert "users.schema" not in sys.modules
