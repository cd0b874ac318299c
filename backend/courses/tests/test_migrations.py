"""The remediation keeps what the audited release has stored (VAL-05)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(target: str) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate([("courses", target)])
    executor.loader.build_graph()
    return executor


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_audited_release_survive() -> None:
    call_command("migrate", "instructor_portal", "zero", verbosity=0)
    try:
        old = migrate("0001_initial").loader.project_state([("courses", "0001_initial")]).apps
        course = old.get_model("courses", "Course").objects.create(title="Course", slug="course")
        module = old.get_model("courses", "Module").objects.create(course=course, title="Module")
        lesson = old.get_model("courses", "Lesson").objects.create(module=module, title="Lesson", order=5)
        assessment = old.get_model("courses", "Assessment").objects.create(lesson=lesson, title="Test")
        question = old.get_model("courses", "Question").objects.create(assessment=assessment, text="Legacy?")
        old.get_model("courses", "Answer").objects.create(question=question, text="Legacy")
        assert question.answers_question.count() == 1
    finally:
        call_command("migrate", verbosity=0)

    from courses.models import Course, Lesson, Module, Question

    assert (Module.objects.get().order, Lesson.objects.get().order) == (0, 5)
    assert Course.objects.get().category is None
    assert Question.objects.get().text_property == "Legacy?"
    assert [answer.text_property for answer in Question.objects.get().answers.all()] == ["Legacy"]


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
