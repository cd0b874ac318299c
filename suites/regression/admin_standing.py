"""`courses/admin.py`: what staff make of accounts, enrolments and courses there, who are no superusers."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from coursegate.contracts.access import Outcome
from coursegate.factories.copying import unsaved_copy
from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.admin_pages import pages_about
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.admin import EDITING, EVERYTHING, client_of_staff
from coursegate.suites.regression.admin_writes import add, change
from coursegate.suites.regression.finding import finding


@finding("policy 2", kind=Kind.EFFECT, writes=True)
def nobody_raises_themselves_in_the_admin(on: Probe) -> None:
    """Staff who may change accounts, and are no superusers, do not make themselves one on the page of their own account."""
    clerk = client_of_staff(on, *EDITING, app="")
    change(on, clerk, "staff", first_name="Another")
    if on.row("staff").first_name != "Another":
        raise NotApplicable("staff do not change their own account there")

    _tried(on, clerk, "staff", is_superuser="on")

    assert not on.row("staff").is_superuser, "they have made themselves a superuser"


@finding("policy 2", kind=Kind.EFFECT, writes=True)
def nobody_pays_themselves_in_the_admin(on: Probe) -> None:
    """Staff who may change subscriptions, and are no superusers, do not set the tier of their own; a superuser does."""
    own = "staff-subscription"
    with on.target.undone():
        change(on, client_of_staff(on, superuser=True), own, tier="premium")
        if on.row(own).tier != "premium":
            raise NotApplicable("not even a superuser sets the tier of a subscription there")

    _tried(on, client_of_staff(on, *EDITING, app=""), own, tier="premium")

    assert on.row(own).tier != "premium", "they have made themselves premium"


@finding(
    "policy 2", kind=Kind.EFFECT, writes=True, cases={"added": {"moved": False}, "moved": {"moved": True}}
)
def nobody_takes_a_paid_subscription_in_the_admin(on: Probe, moved: bool) -> None:
    """Staff who may add and change subscriptions, and are no superusers, give a paid one to somebody else and not to
    themselves, where neither of the two has one.
    """
    clerk = client_of_staff(on, *EDITING, app="")
    if _taken(on, clerk, "lapsed", moved) != "premium":
        raise NotApplicable(f"no subscription is {'moved' if moved else 'added'} there")

    assert _taken(on, clerk, "staff", moved) != "premium", "they have made themselves premium"


@finding("VIEW-14", kind=Kind.EFFECT, commits=True)
def who_is_taken_out_of_a_course_in_the_admin_leaves_it(on: Probe) -> None:
    """An enrolment that staff give up on its admin page takes the certificate with it, as by the API."""
    boss = client_of_staff(on, superuser=True)
    assert on.row("certificate-registered").is_valid

    change(on, boss, "enrollment-completed", status="unenrolled")
    if on.row("enrollment-completed").status != "unenrolled":
        raise NotApplicable("the page gives no enrolment up")

    assert not on.row("certificate-registered").is_valid, "the certificate of who has left is valid"


@finding("policy 7", kind=Kind.EFFECT, commits=True)
def a_course_with_learners_stays_in_the_admin(on: Probe) -> None:
    """Staff who may delete, and are no superusers, delete a course that nobody is enrolled in, and none that has learners."""
    promised = on.contract.access.cells["courses.destroy/course-open/staff"].outcomes
    if Outcome.DONE in promised:
        raise NotApplicable("courses go with their enrolments, as the team has decided")
    clerk = client_of_staff(on, *EVERYTHING, app="")
    if not _deleted(on, clerk, "course-peer-draft"):
        raise NotApplicable("staff delete no course there")

    assert not _deleted(on, clerk, "course-open"), "the course is gone, with what its learners did"


@finding(
    "ADM-01",
    "policy 7",
    kind=Kind.EFFECT,
    commits=True,
    cases={"of-categories": {"all_rights": False}, "of-everything": {"all_rights": True}},
)
def a_category_takes_no_learners_along(on: Probe, all_rights: bool) -> None:
    """Staff who may delete categories delete one that is empty, and none that would take a course and its learners along."""
    promised = on.contract.access.cells["courses.destroy/course-open/staff"].outcomes
    if all_rights and Outcome.DONE in promised:
        raise NotApplicable("courses go with their enrolments, as the team has decided")
    clerk = client_of_staff(on, *EVERYTHING)
    if not all_rights:
        _allow(on, "view_category", "delete_category")
    empty = unsaved_copy(on.row("category-open"), {"name": "An empty category"})
    empty.save()
    if not _gone(clerk, empty):
        raise NotApplicable("staff delete no category there")

    _gone(clerk, on.row("category-open"))

    learners = on.rows("courses.Enrollment").filter(pk=on.key("enrollment-registered"))
    assert learners.exists(), "the course is gone with its category, and what its learners did"


def _allow(on: Probe, *rights: str) -> None:
    """Let the one on the staff do this alone."""
    from django.contrib.auth.models import Permission

    own = Permission.objects.filter(content_type__app_label="courses", codename__in=rights)
    on.row("staff").user_permissions.set(own)


def _tried(on: Probe, client: Any, subject: str, **values: str) -> None:
    """Send the form with these values; where no such form is shown, nobody writes by it."""
    with suppress(NotApplicable):
        change(on, client, subject, **values)


def _taken(on: Probe, client: Any, principal: str, moved: bool) -> str | None:
    """The tier of somebody whose subscription was deleted, once that of another was moved to them, or one was added."""
    own = on.row(f"{principal}-subscription")
    subscriptions, user = type(own)._base_manager, on.row(principal)
    with on.target.undone():
        subscriptions.filter(pk=own.pk).delete()
        with suppress(NotApplicable):  # where no such form is shown, nobody writes by it
            if moved:
                change(on, client, "premium-subscription", user=str(user.pk))
            else:
                add(on, client, "premium-subscription", user=str(user.pk), tier="premium", status="active")
        tier: str | None = subscriptions.filter(user=user).values_list("tier", flat=True).first()
        return tier


def _deleted(on: Probe, client: Any, subject: str) -> bool:
    return _gone(client, on.row(subject))


def _gone(client: Any, row: Any) -> bool:
    """Whether a row is gone once its deletion was confirmed on its own admin page."""
    page, *_ = pages_about(row)
    client.raise_request_exception = False
    client.post(page.path("delete", row.pk), {"post": "yes"})
    return not page.model._default_manager.filter(pk=row.pk).exists()
