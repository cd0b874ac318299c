"""A clone is a complete new draft without learners (VIEW-13)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Course, Enrollment, Lesson

from .world import World, make_lesson


def shape(course: Course) -> list[Any]:
    return [
        (
            module.title, module.order, lesson.title, lesson.order, lesson.content, lesson.access_level,
            [(r.title, r.premium, r.url) for r in lesson.resources.all()],
            [(q.question_text, [(a.answer_text, a.is_correct) for a in q.answers.all()])
             for q in lesson.assessment.questions.all()],
        )
        for module in course.modules.all() for lesson in module.lessons.all()
    ]  # fmt: skip


def test_a_clone_has_everything_but_learners(world: World) -> None:
    Enrollment.objects.create(user=world.people["premium"], course=world.course)
    copy = world.course.clone(creator=world.people["peer"])

    assert copy.title == "Published <b>course</b> (Copy)"
    assert shape(copy) == shape(world.course)
    assert len(shape(copy)) == 7
    assert (copy.is_published, copy.is_draft, copy.enrollments.count()) == (False, True, 0)
    assert [(row.instructor, row.is_lead) for row in copy.get_instructors()] == [(world.people["peer"], True)]
    assert Lesson.objects.filter(module__course=world.course).count() == 7


def test_versions_differ_and_name_their_parent(world: World) -> None:
    versions = [world.course.clone_version(world.people["owner"]) for _ in range(3)]

    assert [str(copy.version) for copy in versions] == ["1.1", "1.2", "1.3"]
    assert len({copy.slug for copy in versions}) == 3
    assert {copy.parent_version for copy in versions} == {world.course}
    assert world.course.clone_version(None, title="Mine", subtitle="Own").subtitle == "Own"


def test_an_undrafted_clone_is_published(world: World) -> None:
    copy = world.course.clone(title="Open", creator=world.people["owner"], draft=False)

    assert (copy.title, copy.is_published, copy.is_draft) == ("Open", True, False)


def test_a_failing_clone_leaves_nothing(world: World, monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("courses.models.cloning._copy_outline", fail)
    with pytest.raises(RuntimeError):
        world.course.clone()

    assert Course.objects.filter(parent_version=world.course).count() == 0


def test_the_number_of_queries_does_not_grow_with_the_course(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            world.course.clone_version(None)
        return len(captured)

    world.course.clone_version(None)
    few = queries()
    for n in range(3):
        make_lesson(world.module, f"more-{n}")

    assert queries() == few
