"""`courses/admin.py`: who deletes in bulk."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

BULK = "delete_selected"
ACROSS = {"selected": {"across": "0"}, "all": {"across": "1"}}


def _registered() -> dict[Any, Any]:
    """The admin pages of the app, by their models."""
    from django.contrib import admin

    found = {
        model: page for model, page in admin.site._registry.items() if model._meta.app_label == "courses"
    }
    if not found:
        raise NotApplicable("no model of courses has an admin page")
    return found


def _page(model: Any, name: str, *keys: Any) -> str:
    from django.urls import NoReverseMatch, reverse

    try:
        return str(reverse(f"admin:courses_{model._meta.model_name}_{name}", args=keys))
    except NoReverseMatch:
        raise NotApplicable("the admin pages are not routed") from None


def _clerk(on: Probe, model: Any, *rights: str, superuser: bool = False) -> Any:
    """The client of somebody on the staff with these rights on a model."""
    from django.contrib.auth.models import Permission
    from django.test import Client

    clerk = on.row("staff")
    clerk.is_superuser = superuser
    clerk.save()
    names = [f"{right}_{model._meta.model_name}" for right in rights]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(clerk)
    return client


def _doomed(on: Probe) -> list[Any]:
    """Two categories that nothing else hangs on."""
    category = on.model("courses.Category")
    rows = [category(name=f"A category to be deleted {number}") for number in (1, 2)]
    for row in rows:
        row.save()
    return [row.pk for row in rows]


def _bulk(keys: list[Any], across: str) -> dict[str, Any]:
    return {
        "action": BULK,
        "index": "0",
        "select_across": across,
        "_selected_action": [str(key) for key in keys],
        "post": "yes",
    }


@finding("ADM-01", writes=True, kind=Kind.EFFECT, cases=ACROSS)
def staff_delete_nothing_in_bulk(on: Probe, across: str) -> None:
    """Bulk deletion that is posted by staff deletes nothing, whatever rights they have; by a superuser it does."""
    model = on.model("courses.Category")
    keys = _doomed(on)
    form, left = _bulk(keys, "0"), on.rows("courses.Category").filter(pk__in=keys)

    _clerk(on, model, "view", "change", "delete").post(_page(model, "changelist"), _bulk(keys, across))
    assert left.count() == 2, "staff have deleted them"

    _clerk(on, model, superuser=True).post(_page(model, "changelist"), form)
    assert left.count() == 0, "a superuser cannot delete them"


@finding("ADM-01", writes=True)
def bulk_deletion_is_offered_to_superusers_only(on: Probe) -> None:
    """No list of the app offers bulk deletion to staff, and every one that deletes offers it to a superuser."""
    from django.test import RequestFactory

    pages, request = _registered(), RequestFactory().get("/")
    offered = []
    for model, page in pages.items():
        _clerk(on, model, "view", "change", "delete")
        request.user = on.row("staff")
        offered += [model.__name__ for name, _ in page.get_action_choices(request) if name == BULK]
    assert offered == []

    _clerk(on, model, superuser=True)
    request.user = on.row("staff")
    assert BULK in [name for page in pages.values() for name, _ in page.get_action_choices(request)]


@finding("ADM-01", writes=True)
def deleting_one_row_takes_the_right(on: Probe) -> None:
    """Staff delete a single row where they have the right to, and are refused without it."""
    model = on.model("courses.Category")
    key, _ = _doomed(on)
    left = on.rows("courses.Category").filter(pk=key)

    refused = _clerk(on, model, "view", "change").post(_page(model, "delete", key), {"post": "yes"})
    assert refused.status_code == 403
    assert left.exists()

    _clerk(on, model, "view", "change", "delete").post(_page(model, "delete", key), {"post": "yes"})
    assert not left.exists()


@finding("CI-02", writes=True)
def every_admin_page_answers(on: Probe) -> None:
    """The list, the empty form and the form of a row answer a superuser, for every model of the app."""
    broken = []
    for model in _registered():
        boss = _clerk(on, model, superuser=True)
        row = model._base_manager.order_by("pk").first()
        pages = [_page(model, "changelist"), _page(model, "add")]
        pages += [_page(model, "change", row.pk)] if row else []
        for path in pages:
            answer = boss.get(path)
            # A model that is not added by hand has no such form.
            if answer.status_code != 200 and not (path.endswith("/add/") and answer.status_code == 403):
                broken.append(f"{path} answers {answer.status_code}")

    assert broken == []
