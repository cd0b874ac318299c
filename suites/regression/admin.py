"""`courses/admin.py`: who deletes in bulk, and what else the pages do."""

from __future__ import annotations

import itertools
from typing import Any

from coursegate.factories.filling import fill_required, fill_unique
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.admin_pages import Page, admin_pages, pages_about
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

BULK = "delete_selected"
ACROSS = {
    "selected": {"across": "0"},
    "all": {"across": "1"},
    # A role is no right: who is called an administrator is one of the staff.
    "selected-by-administrator": {"across": "0", "role": "admin"},
}
EDITING = ("view", "add", "change")
EVERYTHING = (*EDITING, "delete")
# Behind all rows of their parent: two of them never share a place.
_places = itertools.count(70_000)


def client_of_staff(
    on: Probe, *rights: str, superuser: bool = False, app: str = "courses", role: str = "staff"
) -> Any:
    """The client of somebody on the staff with these rights on every model of the app ("": of all), or all there are."""
    from django.contrib.auth.models import Permission
    from django.test import Client

    clerk = on.row("staff")
    clerk.is_superuser, clerk.role = superuser, role
    clerk.save()
    own = Permission.objects.filter(content_type__app_label=app) if app else Permission.objects.all()
    if rights != EVERYTHING:
        own = own.filter(codename__regex=rf"^({'|'.join(rights)})_") if rights else own.none()
    clerk.user_permissions.set(own)
    client = Client()
    client.force_login(clerk)
    return client


def _request(on: Probe) -> Any:
    """A request of the one on the staff, as he stands now."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = on.row("staff")
    return request


def _offered(page: Page, request: Any) -> set[str]:
    return {name for name, _ in page.admin.get_action_choices(request) if name}


def _fresh(model: Any, most: int = 2) -> list[Any]:
    """The keys of new rows that nothing else hangs on; none where the target takes no further row of the kind."""
    from django.db import transaction

    for count in range(most, 0, -1):
        try:
            with transaction.atomic():
                rows = [_filled(model) for _ in range(count)]
                return [row.pk for row in model._base_manager.bulk_create(rows)]
        except Exception:  # whatever a foreign model raises: then it takes fewer
            continue
    return []


def _filled(model: Any) -> Any:
    places = {"order": next(_places)} if any(field.name == "order" for field in model._meta.fields) else {}
    row = model(**places, **fill_required(model, places))
    fill_unique(row)
    return row


def _keys(model: Any) -> list[Any]:
    """Two rows of a model at most, new ones where it takes them."""
    return _fresh(model) or list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:2])


def _undeleted(page: Page) -> Any:
    """The rows of a page's model; those that outlive their deletion are left out by its default manager."""
    return page.model._default_manager


def bulk(keys: list[Any], across: str = "0", action: str = BULK) -> dict[str, Any]:
    return {
        "action": action,
        "index": "0",
        "select_across": across,
        "_selected_action": [str(key) for key in keys],
        "post": "yes",
    }


@finding("ADM-01", writes=True, kind=Kind.EFFECT, cases=ACROSS)
def staff_delete_nothing_in_bulk(on: Probe, across: str, role: str = "staff") -> None:
    """Bulk deletion that is posted by staff deletes nothing, whatever rights they have; by a superuser it does."""
    pages = admin_pages()
    clerk, gone = client_of_staff(on, *EVERYTHING, role=role), []
    for page in pages:
        keys, rows = _keys(page.model), _undeleted(page)
        before = rows.count()
        clerk.post(page.path("changelist"), bulk(keys, across))
        gone += [page.name] if rows.count() != before else []
    assert gone == [], f"staff have deleted rows of {', '.join(gone)}"

    boss = client_of_staff(on, superuser=True)
    deleting = _deleting(on, pages)
    # One page shows that the form is the right one; asking them all once is enough.
    kept, done = _left_by(boss, deleting if across == "0" else deleting[:1])
    assert kept == [], f"a superuser cannot delete rows of {', '.join(kept)}"
    assert done, "a superuser cannot delete them: no page deletes a row that nothing hangs on"


def _deleting(on: Probe, pages: list[Page]) -> list[Page]:
    """The pages that let the one on the staff, as he stands now, delete at all."""
    request = _request(on)
    return [page for page in pages if page.admin.has_delete_permission(request)]


def _left_by(boss: Any, pages: list[Page]) -> tuple[list[str], list[str]]:
    """The pages that leave two rows that nothing hangs on, and those that delete them in bulk."""
    left: tuple[list[str], list[str]] = ([], [])
    for page in pages:
        if keys := _fresh(page.model):
            boss.post(page.path("changelist"), bulk(keys))
            left[not _undeleted(page).filter(pk__in=keys).exists()].append(page.name)
    return left


@finding("ADM-01", writes=True)
def bulk_deletion_is_offered_to_superusers_only(on: Probe) -> None:
    """No list of the app offers bulk deletion to staff, and every one that deletes offers it to a superuser."""
    pages = admin_pages()
    client_of_staff(on, *EVERYTHING)
    request = _request(on)
    assert [page.name for page in pages if BULK in _offered(page, request)] == []

    client_of_staff(on, superuser=True)
    request, deleting = _request(on), _deleting(on, pages)
    without = [page.name for page in deleting if BULK not in _offered(page, request)]
    assert without == [], "these pages delete, and offer a superuser no bulk deletion"
    assert deleting, "no page lets a superuser delete"


@finding("ADM-01", writes=True)
def other_actions_stay_with_the_staff(on: Probe) -> None:
    """What else a list offers a superuser, such as the export, it offers to staff with all rights who may change its rows."""
    pages = admin_pages()
    client_of_staff(on, superuser=True)
    boss = {page: other_actions(on, page) for page in pages}
    if not any(boss.values()):
        raise NotApplicable("no page of courses has an action besides deletion")

    client_of_staff(on, *EVERYTHING)
    request = _request(on)
    taken = [
        f"{page.name}: {name}"
        for page in pages
        if page.admin.has_change_permission(request)
        for name in sorted(boss[page] - other_actions(on, page))
    ]

    assert taken == [], "what superusers only are offered besides deletion"


def other_actions(on: Probe, page: Page) -> set[str]:
    """What a page offers besides deletion, by whatever name."""
    return {name for name in _offered(page, _request(on)) if "delet" not in name.lower()}


@finding("ADM-01", writes=True, kind=Kind.EFFECT)
def an_action_of_staff_does_what_it_says(on: Probe) -> None:
    """An action on a course, such as publishing it, does the same for staff with all rights as for a superuser."""
    pages = pages_about(on.row("course-open"))
    client_of_staff(on, superuser=True)
    actions = [(page, name) for page in pages for name in sorted(other_actions(on, page))]
    if not actions:
        raise NotApplicable("no admin page of courses has an action besides deletion")

    done = {by: [_done(on, page, name, by) for page, name in actions] for by in ("boss", "clerk")}

    names = [name for _, name in actions]
    assert any(changed or status == 200 for status, changed in done["boss"]), f"none of {names} does anything"
    assert dict(zip(names, done["clerk"], strict=True)) == dict(zip(names, done["boss"], strict=True))


def _done(on: Probe, page: Page, action: str, by: str) -> tuple[int, Any]:
    """What an action answers, and what it makes of a published course and of a draft; then it is undone."""
    keys = [on.key("course-open"), on.key("course-draft")]
    columns = [
        field.attname for field in page.model._meta.concrete_fields if "Date" not in field.get_internal_type()
    ]
    with on.target.undone():
        rows = page.model._base_manager.filter(pk__in=keys).order_by("pk")
        before = list(rows.values(*columns))
        client = client_of_staff(on, superuser=True) if by == "boss" else client_of_staff(on, *EVERYTHING)
        answer = client.post(page.path("changelist"), bulk(keys, action=action))
        changed = [
            {name: new[name] for name in columns if new[name] != old[name]}
            for old, new in zip(before, rows.values(*columns), strict=False)
        ]
        return answer.status_code, changed if any(changed) else []


@finding("ADM-01", writes=True, kind=Kind.EFFECT)
def no_other_action_deletes(on: Probe) -> None:
    """No action that a list offers to staff with all rights deletes what is selected, whatever it is called."""
    pages = admin_pages()
    client_of_staff(on, *EVERYTHING)
    request = _request(on)
    actions = [(page, name) for page in pages for name in sorted(_offered(page, request) - {BULK})]
    if not actions:
        raise NotApplicable("no page of courses offers staff an action")

    deleting = [f"{page.name}: {name}" for page, name in actions if _deletes(on, page, name)]

    assert deleting == [], "actions of staff that delete rows"


def _deletes(on: Probe, page: Page, action: str) -> bool:
    """Whether an action of staff deletes any of two rows; then it is undone."""
    with on.target.undone():
        keys, clerk = _keys(page.model), client_of_staff(on, *EVERYTHING)
        clerk.raise_request_exception = False
        clerk.post(page.path("changelist"), bulk(keys, action=action))
        return bool(page.model._base_manager.filter(pk__in=keys).count() < len(keys))


@finding("ADM-01", writes=True)
def deleting_one_row_takes_the_right(on: Probe) -> None:
    """Nobody deletes a single row without the right to, on any page; staff with it do, or at least superusers."""
    pages = admin_pages()
    rows = {page: keys for page in pages if (keys := _keys(page.model))}
    clerk, wrong = client_of_staff(on, *EDITING), []
    for page, keys in rows.items():
        status = clerk.post(page.path("delete", keys[0]), {"post": "yes"}).status_code
        left = _undeleted(page).filter(pk=keys[0]).exists()
        wrong += [f"{page.name}: {status}{'' if left else ', deleted'}"] if status != 403 or not left else []
    assert wrong == [], "without the right to delete, expected 403"

    boss = client_of_staff(on, superuser=True)
    fresh = ((page, _fresh(page.model)) for page in _deleting(on, pages))
    found = next(((page, keys) for page, keys in fresh if len(keys) > 1), None)
    assert found, "no page lets a superuser delete a row that nothing hangs on"
    page, (first, second) = found
    boss.post(page.path("delete", first), {"post": "yes"})
    assert not _undeleted(page).filter(pk=first).exists(), f"a superuser cannot delete a {page.name}"
    answer = client_of_staff(on, *EVERYTHING).post(page.path("delete", second), {"post": "yes"})
    # Staff may be kept from deleting at all; what they are let do must happen.
    assert answer.status_code == 403 or not _undeleted(page).filter(pk=second).exists()


@finding("ADM-01", writes=True, kind=Kind.EFFECT)
def rows_below_a_form_are_deleted_by_the_right_to_them(on: Probe) -> None:
    """Whoever may not delete rows of a kind is offered no deletion of them in the form of what they belong to, either."""
    clerk, offered, below = client_of_staff(on, *EDITING), [], []
    for page in admin_pages():
        key = page.model._base_manager.order_by("pk").values_list("pk", flat=True).first()
        context = clerk.get(page.path("change", key)).context if key is not None else None
        for inline in (context or {}).get("inline_admin_formsets", ()):
            name = f"{inline.formset.model.__name__} below {page.name}"
            below.append(name)
            offered += [name] if inline.formset.can_delete else []

    if not below:
        raise NotApplicable("no form has rows of another kind below it")
    assert offered == [], "staff without the right to delete them delete these"


@finding("CI-02", writes=True)
def every_admin_page_answers(on: Probe) -> None:
    """The list, a search in it, and the form of nothing, of a full and of a bare row answer a superuser, for every model."""
    boss, broken, empty = client_of_staff(on, superuser=True), [], []
    for page in admin_pages():
        row = page.model._base_manager.order_by("pk").values_list("pk", flat=True)
        # A new one has nothing in what may be left empty.
        keys = [*row[:1], *_fresh(page.model, 1)]
        empty += [] if keys else [page.name]
        rows = page.path("changelist")
        # Where nothing is searched, the words say nothing.
        searched = f"{rows}?q=two+words"
        paths = [rows, searched, page.path("add"), *(page.path("change", key) for key in keys)]
        for path in paths:
            answer = boss.get(path)
            # A model that is not added by hand has no such form.
            if answer.status_code != 200 and not (path.endswith("/add/") and answer.status_code == 403):
                broken.append(f"{path} answers {answer.status_code}")

    assert broken == []
    if empty:
        raise CannotAsk(f"no row could be made of {', '.join(empty)}: the forms of these were not looked at")
