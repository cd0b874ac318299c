"""The teaching row: who may have one, and that a changed one counts at once."""

from collections.abc import Callable
from typing import Any

import pytest
from courses.models import Course
from courses.permissions import is_user_instructor_cached
from django.core.cache import cache
from django.core.exceptions import ValidationError
from users.models import CustomUser

from instructor_portal.models import CourseInstructor


@pytest.fixture
def make_user(settings: Any) -> Callable[..., CustomUser]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    return lambda name, **values: CustomUser.objects.create_user(f"{name}@example.org", name, "x", **values)


@pytest.fixture
def course() -> Course:
    return Course.objects.create(title="Painting")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "may_teach"),
    [({}, False), ({"role": "instructor"}, True), ({"is_staff": True}, True), ({"role": "admin"}, False)],
)
def test_only_accounts_that_may_teach_get_a_row(
    values: dict[str, Any], may_teach: bool, make_user: Callable[..., CustomUser], course: Course
) -> None:
    row = CourseInstructor(course=course, instructor=make_user("anna", **values))

    if may_teach:
        row.full_clean()
    else:
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert list(refused.value.message_dict) == ["instructor"]


@pytest.mark.django_db
def test_a_course_has_one_active_lead(make_user: Callable[..., CustomUser], course: Course) -> None:
    anna, berta = (make_user(name, role="instructor") for name in ("anna", "berta"))
    lead = CourseInstructor.objects.create(course=course, instructor=anna, is_lead=True)
    second = CourseInstructor(course=course, instructor=berta, is_lead=True)
    lead.full_clean()

    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert list(refused.value.message_dict) == ["is_lead"]

    lead.is_active = False
    lead.save()
    second.full_clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["deactivate", "delete", "hand over", "move"])
def test_a_changed_row_takes_its_cached_permissions_away(
    change: str, make_user: Callable[..., CustomUser], course: Course
) -> None:
    anna, berta = (make_user(name, role="instructor") for name in ("anna", "berta"))
    row = CourseInstructor.objects.create(course=course, instructor=anna)
    assert is_user_instructor_cached(anna, course)

    if change == "delete":
        row.delete()
    else:
        row.is_active = change != "deactivate"
        row.instructor = berta if change == "hand over" else anna
        row.course = Course.objects.create(title="Drawing") if change == "move" else course
        row.save()

    assert not is_user_instructor_cached(anna, course)


@pytest.mark.django_db
def test_admin_pages_open(client: Any, make_user: Callable[..., CustomUser], course: Course) -> None:
    boss = make_user("boss", is_staff=True, is_superuser=True)
    row = CourseInstructor.objects.create(course=course, instructor=boss)
    client.force_login(boss)
    base = "/admin/instructor_portal/courseinstructor/"

    codes = [client.get(path).status_code for path in (base, f"{base}add/", f"{base}{row.pk}/change/")]

    assert codes == [200, 200, 200]
