"""One small platform: a course with one lesson for each tier, and one caller for each tier."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from courses.models import Course, Lesson, Module
from instructor_portal.models import CourseInstructor
from users.models import Subscription

TIERS = ("guest", "registered", "premium")


@pytest.fixture(autouse=True)
def empty_caches(settings):
    for name in settings.CACHES:
        caches[name].clear()


@pytest.fixture
def people(db):
    create = get_user_model().objects.create_user
    registered = create(email="registered@example.com", username="registered")
    premium = create(email="premium@example.com", username="premium")
    Subscription.objects.filter(user=premium).update(tier="premium")
    teacher = create(email="teacher@example.com", username="teacher", role="instructor")
    return {"guest": None, "registered": registered, "premium": premium, "teacher": teacher}


@pytest.fixture
def client_of(people):
    def make(name):
        client = APIClient()
        if people[name] is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(people[name])}")
        return client

    return make


@pytest.fixture
def course(people):
    course = Course.objects.create(title="Open course", is_published=True, has_certificate=True)
    CourseInstructor.objects.create(course=course, instructor=people["teacher"], is_lead=True)
    module = Module.objects.create(course=course, title="Basics", is_published=True)
    for tier in TIERS:
        Lesson.objects.create(module=module, title=f"For {tier}", access_level=tier, content=f"The {tier} secret")
    return course


@pytest.fixture
def draft(people):
    draft = Course.objects.create(title="Hidden draft")
    CourseInstructor.objects.create(course=draft, instructor=people["teacher"], is_lead=True)
    return draft
