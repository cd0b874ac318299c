"""The admin pages: they answer, and deleting in bulk is for superusers (ADM-01, CI-02)."""

import csv
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from courses.admin import SecureAdminMixin
from courses.models import (
    AssessmentAttempt,
    AttemptAnswer,
    Bookmark,
    Category,
    Certificate,
    Course,
    CourseProgress,
    CourseStats,
    Enrollment,
    Note,
    Notification,
    Progress,
    Question,
    Review,
    UserActivity,
    UserPreference,
    UserStats,
)

from .world import World

MODELS = list(apps.get_app_config("courses").get_models())
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
People = Callable[..., Client]


def page(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:courses_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def client_with(make_user: Callable[..., Any]) -> People:
    """The client of somebody who may enter the admin, with these permissions on the app's models."""

    def make(*permissions: str, superuser: bool = False) -> Client:
        user = make_user(f"admin{len(permissions)}{superuser}", is_staff=True, is_superuser=superuser)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def rows(world: World) -> World:
    """The world, with one row at least of every model."""
    user, course, lesson = world.people["premium"], world.course, world.lessons["guest"]
    question = Question.objects.get(assessment__lesson=lesson)
    enrollment = Enrollment.objects.create(user=user, course=course)
    Progress.objects.get_or_create(enrollment=enrollment, lesson=lesson)
    Certificate.objects.get_or_create(enrollment=enrollment)
    attempt = AssessmentAttempt.objects.create(user=user, assessment=question.assessment)
    AttemptAnswer.objects.create(attempt=attempt, question=question)
    CourseProgress.objects.get_or_create(user=user, course=course)
    Review.objects.create(user=user, course=course, rating=5, content="Ten characters.")
    Note.objects.create(user=user, lesson=lesson, content="Note")
    kind = ContentType.objects.get_for_model(Course)
    Bookmark.objects.create(user=user, content_type=kind, object_id=course.pk)
    Notification.objects.create(user=user, title="News", message="Text")
    UserActivity.objects.create(user=user, activity_type="view_course", course=course)
    for model in (UserPreference, UserStats):
        model.objects.get_or_create(user=user)
    CourseStats.objects.get_or_create(course=course)
    return world


@each_model
def test_every_page_answers(model: type[Model], rows: World, client_with: People) -> None:
    """List, search, form for a new row, form of a row: 200 for a superuser, without a warning."""
    boss = client_with(superuser=True)
    row = model._default_manager.first()
    assert row is not None
    pages = [page(model, "changelist"), page(model, "add"), page(model, "change", row.pk)]
    if admin.site._registry[model].search_fields:
        pages.append(page(model, "changelist") + "?q=x")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answers = [boss.get(address).status_code for address in pages]

    assert set(answers) == {200}


@each_model
def test_every_page_takes_an_empty_form(model: type[Model], db: None, client_with: People) -> None:
    """A form that is sent without anything in it is shown again, or saved; never an error of ours."""
    answer = client_with(superuser=True).post(page(model, "add"), {})

    assert answer.status_code in (200, 302)


@each_model
def test_lists_do_not_ask_for_each_row(
    model: type[Model], rows: World, client_with: People, django_assert_max_num_queries: Any
) -> None:
    """A list takes a handful of queries, whatever is on it."""
    boss = client_with(superuser=True)

    with django_assert_max_num_queries(8):
        boss.get(page(model, "changelist"))


@pytest.mark.parametrize("across", ["0", "1"])
@pytest.mark.parametrize("model", [Category, Course], ids=lambda model: model.__name__)
def test_only_superusers_delete_in_bulk(
    model: type[Model], across: str, world: World, client_with: People
) -> None:
    """A POST of the bulk deletion by staff deletes nothing, with every permission; by a superuser it works."""
    doomed = list(model._default_manager.values_list("pk", flat=True))
    form = {
        "action": "delete_selected",
        "index": "0",
        "select_across": across,
        "_selected_action": [str(pk) for pk in doomed],
        "post": "yes",
    }
    name = model._meta.model_name
    staff = client_with(f"view_{name}", f"change_{name}", f"delete_{name}")

    staff.post(page(model, "changelist"), form)
    assert model._default_manager.count() == len(doomed)
    assert b"delete_selected" not in staff.get(page(model, "changelist")).content

    boss = client_with(superuser=True)
    assert b"delete_selected" in boss.get(page(model, "changelist")).content
    boss.post(page(model, "changelist"), form)
    assert model._default_manager.count() == 0


def test_deleting_one_row_takes_the_permission(world: World, client_with: People) -> None:
    """Staff delete a row with the permission, and are refused without."""
    shelf = world.hidden_category
    address = page(Category, "delete", shelf.pk)

    assert client_with("view_category").post(address, {"post": "yes"}).status_code == 403
    assert Category.objects.filter(pk=shelf.pk).exists()
    client_with("view_category", "delete_category").post(address, {"post": "yes"})
    assert not Category.objects.filter(pk=shelf.pk).exists()


def act(client: Client, action: str, *courses: Course) -> Any:
    form = {"action": action, "_selected_action": [str(course.pk) for course in courses]}
    return client.post(page(Course, "changelist"), form, follow=True)


def test_staff_publish_and_feature_courses(world: World, client_with: People) -> None:
    """The actions change the courses; one that cannot be published is named and stays as it is."""
    staff = client_with("view_course", "change_course")
    empty = Course.objects.get(title="Elsewhere")

    answer = act(staff, "publish", world.draft, empty)
    act(staff, "feature", world.draft)

    world.draft.refresh_from_db()
    empty.refresh_from_db()
    assert (world.draft.is_published, world.draft.is_featured, empty.is_published) == (True, True, False)
    assert b"Elsewhere" in answer.content
    act(staff, "unpublish", world.draft)
    act(staff, "unfeature", world.draft)
    world.draft.refresh_from_db()
    assert (world.draft.is_published, world.draft.is_featured) == (False, False)


def test_who_may_only_look_changes_nothing(world: World, client_with: People) -> None:
    """The actions that write are not offered to those who may only view."""
    act(client_with("view_course"), "publish", world.draft)

    world.draft.refresh_from_db()
    assert not world.draft.is_published


def test_an_export_holds_the_selected_rows_as_text(world: World, client_with: People) -> None:
    """The export is CSV of the list's columns, in which no cell is a formula."""
    Course.objects.filter(pk=world.draft.pk).update(title="=1+1")

    answer = act(client_with("view_course"), "export", world.draft)

    header, row = csv.reader(answer.content.decode().splitlines())
    assert answer["Content-Type"].startswith("text/csv")
    assert header[:2] == ["title", "slug"]
    assert row[:2] == ["'=1+1", world.draft.slug]


@pytest.mark.parametrize("name", ["review", "enrollment"])
def test_what_a_row_is_of_stays(name: str) -> None:
    """Course and learner are chosen as a row is added, and shown from then on."""
    pages = admin.site._registry[apps.get_model("courses", name)]
    request = RequestFactory().get("/admin/")

    assert {"user", "course"} <= set(pages.get_readonly_fields(request, pages.model()))
    assert not {"user", "course"} & set(pages.get_readonly_fields(request))


def test_every_model_is_registered_securely() -> None:
    """Each model of the app has a page, and each page the rule about bulk deletion."""
    assert all(isinstance(admin.site._registry.get(model), SecureAdminMixin) for model in MODELS)
