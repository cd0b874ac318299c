"""A catalogue in which every protected text is unique, so that a leak can be searched for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from instructor_portal.models import CourseInstructor

from courses.models import Answer, Assessment, Category, Course, Lesson, Module, Question, Resource

PEOPLE = ("registered", "premium", "lapsed", "owner", "assistant", "peer", "former", "staff")
EVERYBODY = ("guest", *PEOPLE)
LEARNERS = ("guest", "registered", "premium", "lapsed", "former")
INSIDERS = ("owner", "assistant", "staff")
LEVELS = ("guest", "registered", "premium", "enterprise", "unheard_of")
LONG_TEXT = "<p>A description that is long enough to be one, with fifty characters and more.</p>"


@dataclass
class World:
    people: dict[str, Any] = field(default_factory=dict)
    course: Any = None
    draft: Any = None
    module: Any = None
    hidden_module: Any = None
    category: Any = None
    hidden_category: Any = None
    lessons: dict[str, Lesson] = field(default_factory=dict)


def build_world(make_user: Callable[..., Any]) -> World:
    """A published course with a lesson of each level, a free preview and a hidden module; a draft; people."""
    world = World(people=make_people(make_user))
    world.category = Category.objects.create(name="Open shelf")
    world.hidden_category = Category.objects.create(name="Closed shelf", is_active=False)
    world.course = make_course("Published <b>course</b>", world.category, is_published=True)
    world.draft = make_course("Draft course", world.category, is_published=False)
    world.module = Module.objects.create(course=world.course, title="First module", is_published=True)
    world.hidden_module = Module.objects.create(course=world.course, title="Hidden module")
    for level in LEVELS:
        world.lessons[level] = make_lesson(world.module, level, access_level=level)
    world.lessons["preview"] = make_lesson(
        world.module, "preview", access_level="premium", is_free_preview=True
    )
    world.lessons["hidden"] = make_lesson(world.hidden_module, "hidden", access_level="guest")
    draft_module = Module.objects.create(course=world.draft, title="Draft module", is_published=True)
    world.lessons["draft"] = make_lesson(draft_module, "draft", access_level="guest")
    appoint(world)
    return world


def make_people(make_user: Callable[..., Any]) -> dict[str, Any]:
    """One person of each kind; the assistant's role gives nothing, only the row in the course does."""
    people = {name: make_user(name) for name in ("registered", "premium", "lapsed", "assistant")}
    people |= {name: make_user(name, role="instructor") for name in ("owner", "peer")}
    people["former"] = make_user("former")
    people["staff"] = make_user("staff", is_staff=True)
    for name, ends in (("premium", timedelta(days=9)), ("lapsed", timedelta(days=-1))):
        subscription = people[name].subscription
        subscription.tier, subscription.end_date = "premium", timezone.now() + ends
        subscription.save()
    return people


def make_course(title: str, category: Category | None = None, **values: Any) -> Course:
    return Course.objects.create(title=title, category=category, description=LONG_TEXT, **values)


def make_lesson(module: Module, name: str, **values: Any) -> Lesson:
    """A lesson whose every protected text carries `name`, with two resources and an assessment."""
    lesson = Lesson.objects.create(
        module=module,
        title=f"Lesson {name}",
        content=f"content-of-{name}",
        guest_content=f"guest-copy-of-{name}",
        registered_content=f"registered-copy-of-{name}",
        transcript=f"transcript-of-{name}",
        video_url="https://youtu.be/" + name[:11].ljust(11, "x"),
        has_assessment=True,
        **values,
    )
    for kind, premium in (("open", False), ("premium", True)):
        Resource.objects.create(
            lesson=lesson,
            title=f"{kind}-resource-of-{name}",
            type="link",
            premium=premium,
            url=f"https://example.org/{kind}-file-of-{name}",
        )
    question = Question.objects.create(
        assessment=Assessment.objects.create(lesson=lesson, title=f"assessment-of-{name}"),
        question_text=f"question-of-{name}",
        explanation=f"explanation-of-{name}",
    )
    Answer.objects.create(question=question, answer_text=f"answer-of-{name}", is_correct=True)
    return lesson


def appoint(world: World) -> None:
    """Gives the two courses their owner and assistant, and the peer a course of their own."""
    rights_off = {"can_edit_content": False, "can_manage_students": False, "can_view_analytics": False}
    for course in (world.course, world.draft):
        CourseInstructor.objects.create(course=course, instructor=world.people["owner"], is_lead=True)
        CourseInstructor.objects.create(course=course, instructor=world.people["assistant"], **rights_off)
        CourseInstructor.objects.create(course=course, instructor=world.people["former"], is_active=False)
    elsewhere = make_course("Elsewhere", is_published=False)
    CourseInstructor.objects.create(course=elsewhere, instructor=world.people["peer"], is_lead=True)
