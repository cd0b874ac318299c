"""One factory per model of the world: sensible values for what the world itself does not say."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from factory.declarations import LazyAttribute, Sequence
from factory.helpers import make_factory

from coursegate.factories.binding import BoundFactory

_DECLARED: dict[str, type[BoundFactory]] = {}


def declares(model: str) -> Callable[[type[BoundFactory]], type[BoundFactory]]:
    """Say which model a factory is for, without asking for it: a target may lack it, or not have started yet."""

    def register(declared: type[BoundFactory]) -> type[BoundFactory]:
        _DECLARED[model] = declared
        return declared

    return register


SENTENCE = "A sentence that is long enough for every minimum length the models ask for."


@declares("users.CustomUser")
class UserFactory(BoundFactory):
    class Meta:
        abstract = True

    username = Sequence(lambda number: f"person_{number:04}")
    email = LazyAttribute(lambda person: f"{person.username}@example.test")
    first_name = Sequence(lambda number: f"First{number}")
    last_name = Sequence(lambda number: f"Last{number}")
    password = "!"  # set to the account's own by the world, through the target's hasher
    is_active = True
    is_email_verified = True


@declares("users.Profile")
class ProfileFactory(BoundFactory):
    class Meta:
        abstract = True


@declares("users.Subscription")
class SubscriptionFactory(BoundFactory):
    class Meta:
        abstract = True

    tier = "registered"
    status = "active"
    end_date = None


@declares("courses.Category")
class CategoryFactory(BoundFactory):
    class Meta:
        abstract = True

    name = Sequence(lambda number: f"Category {number}")


@declares("courses.Course")
class CourseFactory(BoundFactory):
    class Meta:
        abstract = True

    title = Sequence(lambda number: f"Course {number}")
    description = SENTENCE
    price = "49.99"


@declares("courses.Module")
class ModuleFactory(BoundFactory):
    class Meta:
        abstract = True

    title = Sequence(lambda number: f"Module {number}")


@declares("courses.Lesson")
class LessonFactory(BoundFactory):
    class Meta:
        abstract = True

    title = Sequence(lambda number: f"Lesson {number}")
    content = SENTENCE
    duration_minutes = 10


@declares("courses.Resource")
class ResourceFactory(BoundFactory):
    class Meta:
        abstract = True

    title = Sequence(lambda number: f"Resource {number}")
    type = "document"
    file_size = 2048
    mime_type = "application/pdf"
    uploaded = True


@declares("courses.Assessment")
class AssessmentFactory(BoundFactory):
    class Meta:
        abstract = True

    title = Sequence(lambda number: f"Assessment {number}")


@declares("courses.Question")
class QuestionFactory(BoundFactory):
    class Meta:
        abstract = True

    question_text = SENTENCE
    question_type = "multiple_choice"


@declares("courses.Answer")
class AnswerFactory(BoundFactory):
    class Meta:
        abstract = True

    answer_text = SENTENCE


@declares("courses.Certificate")
class CertificateFactory(BoundFactory):
    class Meta:
        abstract = True

    certificate_number = LazyAttribute(lambda certificate: certificate_number(certificate.enrollment))


@declares("courses.Review")
class ReviewFactory(BoundFactory):
    class Meta:
        abstract = True

    rating = 5
    content = SENTENCE


@declares("courses.Note")
class NoteFactory(BoundFactory):
    class Meta:
        abstract = True

    content = SENTENCE


@declares("instructor_portal.CourseInstructor")
class CourseInstructorFactory(BoundFactory):
    class Meta:
        abstract = True

    revenue_share_percentage = "37.50"


def certificate_number(enrollment: Any) -> str:
    """A number as the target itself issues it; the audited format where it cannot (MOD-06)."""
    try:
        issue = import_module("courses.utils.core").generate_certificate_number
        return str(issue(enrollment.course_id, enrollment.user_id))
    except Exception:  # broken or gone: that is a finding of its own, the rest can still be judged
        return f"CERT-{enrollment.course_id:06d}-{enrollment.user_id:06d}-20260101000000-{enrollment.pk:08X}"


@cache
def factory_for(model: str) -> Any:
    """The factory of a model label, bound to the target's own class; a plain one where none is declared here.

    Raises:
        LookupError: the target has no such model.
    """
    return make_factory(apps.get_model(model), FACTORY_CLASS=_DECLARED.get(model, BoundFactory))
