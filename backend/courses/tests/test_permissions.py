"""Who may do what with an object, and the course an object belongs to (PERM-01, policies 6, 7)."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from courses import permissions
from courses.models import (
    AssessmentAttempt,
    Certificate,
    Course,
    Enrollment,
    Lesson,
    Module,
    Note,
    Resource,
)
from courses.permission_cache import (
    bulk_check_enrollments,
    is_user_enrolled_cached,
    is_user_instructor_cached,
)
from courses.serializers import mixins as serializer_mixins
from courses.views import mixins as view_mixins
from courses.views.mixins import filter_for_access_level

from .world import EVERYBODY, World, build_world


def asking(method: str, user: Any) -> Request:
    request = Request(getattr(APIRequestFactory(), method)("/"))
    request.user = user or AnonymousUser()
    return request


def may(permission: str, world: World, who: str, obj: Any, method: str = "post") -> bool:
    judge: BasePermission = getattr(permissions, permission)()
    request = asking(method, world.people.get(who))
    view = APIView()
    return judge.has_permission(request, view) and judge.has_object_permission(request, view, obj)


def test_every_object_leads_to_its_course(world: World) -> None:
    lesson, user = world.lessons["guest"], world.people["premium"]
    enrollment = Enrollment.objects.create(user=user, course=world.course)
    question = lesson.assessment.questions.get()
    objects = [
        world.course,
        world.module,
        lesson,
        lesson.resources.first(),
        lesson.assessment,
        question,
        question.answers.first(),
        enrollment,
        enrollment.progress.get(lesson=lesson),
        Certificate.objects.create(enrollment=enrollment),
        AssessmentAttempt.objects.create(user=user, assessment=lesson.assessment),
        Note.objects.create(user=user, lesson=lesson, content="Note"),
        world.course.courseinstructor_set.first(),
    ]

    assert [permissions.get_course_from_object(obj) for obj in objects] == [world.course] * len(objects)
    assert permissions.get_course_from_object(None) is None
    assert permissions.get_course_from_object(user) is None


def test_there_is_one_implementation_of_each() -> None:
    assert view_mixins.extract_course_from_object is permissions.get_course_from_object
    assert view_mixins.get_course_from_object is permissions.get_course_from_object
    assert view_mixins.validate_permissions_and_raise is permissions.validate_permissions_and_raise
    assert serializer_mixins.validate_permissions_and_raise is permissions.validate_permissions_and_raise


def test_a_denied_permission_is_a_403_and_a_granted_one_passes() -> None:
    permissions.validate_permissions_and_raise(None, True)
    with pytest.raises(PermissionDenied, match="Not yours"):
        permissions.validate_permissions_and_raise(None, False, "Not yours")


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("CanManageCourse", {"owner", "staff"}),
        ("CanViewReports", {"owner", "staff"}),
        ("IsCourseInstructor", {"owner", "assistant", "staff"}),
        ("IsInstructorOrAdmin", {"owner", "assistant", "staff"}),
        ("IsInstructorOrOwner", {"owner", "assistant", "staff"}),
        ("IsEnrolled", {"owner", "assistant", "staff", "registered"}),
        ("IsEnrolledOrReadOnly", {"owner", "assistant", "staff", "registered"}),
        ("IsPremiumUser", {"premium", "owner", "peer", "staff"}),
    ],
)
def test_rights_in_a_course(permission: str, allowed: set[str], world: World) -> None:
    Enrollment.objects.create(user=world.people["registered"], course=world.course)
    Enrollment.objects.create(user=world.people["lapsed"], course=world.course, status="unenrolled")

    assert {who for who in EVERYBODY if may(permission, world, who, world.course)} == allowed


@pytest.mark.parametrize("permission", ["IsOwnerOrReadOnly", "IsAuthorOrReadOnly"])
def test_only_the_owner_writes_a_learners_row(permission: str, world: World) -> None:
    note = Note.objects.create(user=world.people["premium"], lesson=world.lessons["guest"], content="Note")

    assert {who for who in EVERYBODY if may(permission, world, who, note)} == {"premium"}
    assert all(may(permission, world, who, note, "get") for who in EVERYBODY)


def test_a_free_preview_does_not_open_its_assessment(world: World) -> None:
    def takers(name: str) -> set[str]:
        assessment = world.lessons[name].assessment
        return {who for who in EVERYBODY if may("CanAccessAssessment", world, who, assessment, "get")}

    assert takers("preview") == takers("premium") == {"premium", "peer", "owner", "assistant", "staff"}
    assert takers("registered") == set(EVERYBODY) - {"guest"}


def test_the_filter_for_levels_knows_every_kind_of_row(world: World) -> None:
    guest, premium = AnonymousUser(), world.people["premium"]
    counts = {
        model: (filter_for_access_level(model.objects.all(), guest).count(),
                filter_for_access_level(model.objects.all(), premium).count())
        for model in (Course, Module, Lesson, Resource)
    }  # fmt: skip

    assert counts == {Course: (1, 1), Module: (1, 1), Lesson: (2, 5), Resource: (2, 10)}
    with pytest.raises(ValueError, match="enrollment"):
        filter_for_access_level(Enrollment.objects.all(), premium)
    with pytest.raises(ValueError, match="course"):
        filter_for_access_level(Lesson.objects.all(), premium, "course")


@pytest.mark.django_db(transaction=True)
def test_kept_answers_follow_the_rows(make_user: Any) -> None:
    world = build_world(make_user)
    learner, owner = world.people["registered"], world.people["owner"]
    assert not is_user_enrolled_cached(learner, world.course)
    assert is_user_instructor_cached(owner, world.course)
    assert is_user_instructor_cached(owner)

    enrollment = Enrollment.objects.create(user=learner, course=world.course)
    for row in owner.courseinstructor_set.all():
        row.is_active = False
        row.save()

    assert is_user_enrolled_cached(learner, world.course)
    assert bulk_check_enrollments(learner, [world.course.pk, world.draft.pk]) == {
        world.course.pk: True,
        world.draft.pk: False,
    }
    assert not is_user_instructor_cached(owner, world.course)
    assert not is_user_instructor_cached(owner)
    enrollment.delete()
    assert not is_user_enrolled_cached(learner, world.course)
