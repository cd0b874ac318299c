"""Import and export of a course: who may, one at a time, and the lock that always comes free (SEC-04)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from rest_framework.test import APIClient

from courses import tasks
from courses.models import Course, Lesson, Module
from courses.task_lock import TaskLock
from courses.transfer import export_course, import_course

from .world import EVERYBODY, World

Client = Callable[[str], APIClient]
PATH = "/api/tasks/import_export/"
CONTENT = {
    "modules": [
        {
            "title": "Carried",
            "description": "<p>Text</p>",
            "lessons": [
                {
                    "title": "First",
                    "content": "<p>Ten characters</p><script>x</script>",
                    "access_level": "premium",
                },
                {"title": "Second", "type": "reading"},
            ],
        }
    ]
}


def export(course: Course) -> dict[str, Any]:
    return {"action": "export", "course": course.slug}


@pytest.mark.parametrize("who", EVERYBODY)
def test_editors_start_tasks(who: str, world: World, client_of: Client) -> None:
    """The editors of a course and staff start a task; guests get 401, everybody else 403."""
    answer = client_of(who).post(PATH, export(world.course))

    assert answer.status_code == {"owner": 202, "staff": 202, "guest": 401}.get(who, 403)
    if answer.status_code == 202:
        assert answer.data["task_id"]
        assert (answer.data["action"], answer.data["course"]) == ("export", world.course.slug)
        assert answer.data["status"] == "done"


@pytest.mark.parametrize("who", ["registered", "premium", "peer", "former"])
def test_a_draft_is_as_missing_as_a_missing_course(who: str, world: World, client_of: Client) -> None:
    """Who may not see a draft gets the answer for a course that does not exist, even with a bad body."""
    draft, missing = (
        client_of(who).post(PATH, {"course": slug}) for slug in (world.draft.slug, "no-such-course")
    )

    assert (draft.status_code, draft.content) == (missing.status_code, missing.content)
    assert draft.status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "delete"}, "action"),
        ({"action": "import"}, "content"),
        ({"action": "import", "content": {"modules": []}}, "content"),
        ({"action": "import", "content": {"modules": [{"title": "x", "lessons": "none"}]}}, "content"),
        ({"action": "export", "course": ""}, "course"),
        ({"action": "export", "course": None}, "course"),
    ],
)
def test_a_bad_wish_is_refused_by_field(
    body: dict[str, Any], field: str, world: World, client_of: Client
) -> None:
    """An unknown action, an import without content, a content without form: 400, and nothing stays locked."""
    answer = client_of("owner").post(PATH, {"course": world.course.slug, **body})

    assert (answer.status_code, list(answer.data)) == (400, [field])
    assert client_of("owner").post(PATH, export(world.course)).status_code == 202


def test_an_import_appends_what_an_export_holds(world: World, client_of: Client) -> None:
    """What is imported is cleaned, unpublished, in order, and comes out of an export again."""
    wish = {"action": "import", "course": world.draft.slug, "content": CONTENT}

    assert client_of("owner").post(PATH, wish).data["status"] == "done"

    module = Module.objects.get(course=world.draft, title="Carried")
    assert (module.order, module.is_published) == (2, False)
    first, second = module.lessons.order_by("order")
    assert (first.title, first.access_level, second.type) == ("First", "premium", "reading")
    assert "script" not in str(first.content)
    exported = export_course(world.draft)
    assert exported["modules"][1]["lessons"][0]["content"] == first.content
    copy = Course.objects.create(title="Another course")
    import_course(copy, exported)
    assert export_course(copy) == exported


def test_an_import_is_made_completely_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle of an import leaves the course as it was."""
    create = Lesson.objects.create

    def fail_second(**values: Any) -> Lesson:
        if values["title"] == "Second":
            raise RuntimeError
        return create(**values)

    monkeypatch.setattr(Lesson.objects, "create", fail_second)
    before = Module.objects.count()

    with pytest.raises(RuntimeError):
        import_course(world.draft, CONTENT)

    assert Module.objects.count() == before


def test_a_course_holds_so_many_modules_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import beyond the limit is refused."""
    monkeypatch.setattr("courses.transfer.get_business_constraint", lambda name: 1)

    with pytest.raises(ValidationError):
        import_course(world.draft, CONTENT)


def test_one_task_per_course_runs_at_a_time(world: World, client_of: Client) -> None:
    """While a task runs, another one on the same course is refused with 409; on another course it runs."""
    lock = tasks.import_export_lock(world.course.pk)
    assert lock.acquire()

    blocked = client_of("staff").post(PATH, export(world.course))
    elsewhere = client_of("staff").post(PATH, export(world.draft))

    assert (blocked.status_code, list(blocked.data)) == (409, ["detail"])
    assert elsewhere.status_code == 202
    lock.release()
    assert client_of("staff").post(PATH, export(world.course)).status_code == 202


def test_a_failed_task_frees_the_course(
    world: World, client_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that fails says so, and the next one can start."""

    def fail(course: Course) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "export_course", fail)
        failed = client_of("staff").post(PATH, export(world.course))

    assert (failed.status_code, failed.data["status"]) == (202, "failed")
    assert client_of("staff").post(PATH, export(world.course)).data["status"] == "done"


def test_a_queue_that_does_not_answer_frees_the_course(
    world: World, client_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a task queue the answer is 503, and nothing stays locked."""

    def refuse(*args: Any) -> None:
        raise ConnectionError("no broker")

    with monkeypatch.context() as broken:
        broken.setattr(tasks.import_export, "delay", refuse)
        refused = client_of("staff").post(PATH, export(world.course))

    assert (refused.status_code, refused.data) == (503, {"detail": "The task queue does not answer."})
    assert client_of("staff").post(PATH, export(world.course)).status_code == 202


def test_a_task_that_lost_its_lock_does_nothing(world: World) -> None:
    """A task that waited until its lock expired leaves the field to the one that came after it."""
    late, current = (tasks.import_export_lock(world.draft.pk) for _ in range(2))
    assert current.acquire()

    with pytest.raises(tasks.LockLost):
        tasks.import_export("import", world.draft.pk, late.token, CONTENT)

    assert not Module.objects.filter(title="Carried").exists()
    assert not late.acquire()


def test_a_lock_expires_and_only_its_holder_frees_it() -> None:
    """A lock has a time limit, and a stranger's token neither frees nor renews it."""
    cache.clear()
    held, stranger = TaskLock("one", 60), TaskLock("one", 60)
    assert held.acquire()

    stranger.release()
    assert not stranger.acquire()
    assert (stranger.renew(), held.renew()) == (False, True)
    held.release()
    assert TaskLock("one", 0).acquire()
    assert stranger.acquire()
    assert TaskLock("another", 60).acquire()


def test_analytics_are_counted_by_a_task(world: World) -> None:
    """The task counts the course's learners again, and does nothing for a course that is gone."""
    world.course.enrollments.create(user=world.people["premium"])
    Course.objects.filter(pk=world.course.pk).update(enrolled_students_count=9)

    tasks.update_course_analytics.delay(world.course.pk)
    tasks.update_course_analytics(0)

    world.course.refresh_from_db()
    assert world.course.enrolled_students_count == 1
