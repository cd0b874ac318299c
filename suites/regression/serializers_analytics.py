"""`courses/serializers/analytics.py`: answers, questions and assessments as they are shown."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import imported_from, imported_when_loaded
from coursegate.suites.regression.finding import finding

FOLDER, SERIALIZERS = "courses/serializers", "courses.serializers"
ANALYTICS = f"{FOLDER}/analytics.py"
# Every module that some version of the package has, as a file or a folder; those that a target lacks are not asked for.
MODULES = ("analytics", "core", "enrolment", "misc", "mixins", "utils")


def _answer(on: Probe, **values: Any) -> Any:
    """A stored answer with these texts; past save() where `stored` says so."""
    question = on.row("question-registered")
    answer = on.model("courses.Answer")(question=question, order=50, **values)
    answer.save()
    return answer


@finding(
    "SER-01",
    writes=True,
    cases={
        "comparison": {"text": "1 < 2 and 3 > 2 & so on"},
        "name-of-a-tag": {"text": "<b> is a tag of HTML"},
    },
)
def signs_of_an_answer_are_served_as_they_are_stored(on: Probe, text: str) -> None:
    """Whatever signs an answer is stored with, `text` and `answer_text` are served with the same."""
    key = _answer(on, answer_text=text).pk
    answer = on.rows("courses.Answer").get(pk=key)

    shown = on.name(f"{SERIALIZERS}.AnswerSerializer")(answer).data

    assert answer.answer_text, "an answer of signs is stored as an empty one"
    assert shown["text"] == answer.answer_text
    assert shown["answer_text"] == answer.answer_text


@finding(
    "SER-01",
    writes=True,
    cases={
        "answer-text": {"values": {"answer_text": "the canonical words of an answer"}},
        "legacy-text": {"values": {"text": "the legacy words of an answer"}},
        "both": {"values": {"answer_text": "the canonical words of an answer", "text": "other words"}},
        "shortened": {"values": {"answer_text": "the canonical words", "text": "the canonical words of old"}},
    },
)
def the_text_of_an_answer_is_served(on: Probe, values: dict[str, str]) -> None:
    """An answer is served with `text` and `answer_text`, whichever of its columns holds the words."""
    serializer = on.name(f"{SERIALIZERS}.AnswerSerializer")
    answer = _answer(on, **values)

    shown = serializer(answer).data

    wanted = values.get("answer_text") or values["text"]
    assert shown["text"] == wanted
    assert shown["answer_text"] == wanted


PAST_SAVE = {
    "": {"values": {"answer_text": "", "text": "the legacy words"}},
    "answer-text": {"values": {"answer_text": "the canonical words", "text": ""}},
}


@finding("SER-01", writes=True, cases=PAST_SAVE)
def an_answer_written_past_save_is_served(on: Probe, values: dict[str, str]) -> None:
    """A row that holds its words in one column only, written past save(), is served with them."""
    serializer = on.name(f"{SERIALIZERS}.AnswerSerializer")
    answer = _answer(on, answer_text="words that will be taken away")
    on.rows("courses.Answer").filter(pk=answer.pk).update(**values)

    shown = serializer(on.rows("courses.Answer").get(pk=answer.pk)).data

    assert shown["text"] == (values["answer_text"] or values["text"])


@finding("SER-01", writes=True, cases=PAST_SAVE)
def the_property_of_an_answer_says_its_text(on: Probe, values: dict[str, str]) -> None:
    """`Answer.text_property`, where others may use it, is the text that is served."""
    answer = _answer(on, answer_text="words that will be taken away")
    if not hasattr(answer, "text_property"):
        raise NotApplicable("an answer has no text_property")
    on.rows("courses.Answer").filter(pk=answer.pk).update(**values)

    read = on.rows("courses.Answer").get(pk=answer.pk).text_property

    assert read == (values["answer_text"] or values["text"])


@finding("SER-01", "SER-02", needs="http")
def a_lesson_is_served_with_its_answers(on: Probe) -> None:
    """A lesson that is open to its reader is served with the answers of its assessment, each under both of its names."""
    lesson = on.send("lessons.retrieve", "lesson-registered", by="registered")
    assert lesson.status == 200, f"the lesson answers {lesson.summary}"

    answers = [
        answer for question in lesson.json["assessment"]["questions"] for answer in question["answers"]
    ]

    assert answers, "the lesson shows no answer"
    for answer in answers:
        assert answer["text"]
        assert answer["text"] == answer["answer_text"]


def questions_with_answers(on: Probe, count: int, assessment: Any = None) -> Any:
    """So many questions, each with three answers that were stored in another order than theirs; the second one is correct."""
    assessment = assessment or on.row("assessment-registered")
    keys = []
    for number in range(count):
        question = on.model("courses.Question")(
            assessment=assessment,
            question_text=f"Question number {number}, long enough for any minimum",
            question_type="multiple_choice",
            order=100 + number,
        )
        question.save()
        keys.append(question.pk)
        for order in (3, 1, 2):
            on.model("courses.Answer")(
                question=question, answer_text=f"answer {order}", order=order, is_correct=order == 2
            ).save()
    return on.queryset("courses.Question").filter(pk__in=keys)


@finding("SER-02", "MOD-01", writes=True)
def answers_stand_in_their_order(on: Probe) -> None:
    """A question is served with the key `answers`, its answers in their own order."""
    serializer = on.name(f"{SERIALIZERS}.QuestionSerializer")
    questions = serializer.setup_eager_loading(questions_with_answers(on, 1))

    shown = serializer(questions, many=True).data[0]

    assert "answers_question" not in shown
    assert [answer["answer_text"] for answer in shown["answers"]] == ["answer 1", "answer 2", "answer 3"]


@finding("SER-02", "MOD-01", writes=True, cases={"": {"drawn": False}, "questions-by-lot": {"drawn": True}})
def nested_answers_stand_in_their_order(on: Probe, drawn: bool) -> None:
    """Where a question is shown with its assessment, alone or in a lesson, its answers stand in their own order."""
    serializer = on.name(f"{SERIALIZERS}.AssessmentSerializer")
    if drawn:  # then the questions may stand in any order, their answers not
        _draw_questions(on)
    # Where a lot is drawn, one question may by chance have its answers in order.
    own = set(questions_with_answers(on, 4 if drawn else 1).values_list("pk", flat=True))
    on.target.clear_caches()
    rows = on.queryset("courses.Assessment").filter(pk=on.key("assessment-registered"))

    lesson = on.send("lessons.retrieve", "lesson-registered", by="registered")
    assert lesson.status == 200, f"the lesson answers {lesson.summary}"
    context = {"request": request_of(on.row("staff"))}
    alone = serializer(serializer.setup_eager_loading(rows), many=True, context=context).data[0]

    for where, shown in {"in its lesson": lesson.json["assessment"], "alone": alone}.items():
        asked = [question for question in shown["questions"] if question["id"] in own]
        # Of those that are drawn, not all need be shown.
        assert asked if drawn else len(asked) == len(own), f"the assessment {where} lacks questions"
        for question in asked:
            texts = [answer["answer_text"] for answer in question["answers"]]
            assert texts == ["answer 1", "answer 2", "answer 3"], f"the assessment {where} shows {texts}"


def _draw_questions(on: Probe) -> None:
    rows = on.queryset("courses.Assessment").filter(pk=on.key("assessment-registered"))
    if not hasattr(rows.get(), "randomize_questions"):
        raise NotApplicable("an assessment does not say that its questions are drawn by lot")
    rows.update(randomize_questions=True)


@finding(
    "SER-02",
    cases={
        name: {"name": name, "model": model}
        for name, model in (
            ("LessonSerializer", "Lesson"),
            ("ModuleSerializer", "Module"),
            ("ModuleDetailSerializer", "Module"),
            ("CourseSerializer", "Course"),
            ("CourseDetailSerializer", "Course"),
            ("AssessmentSerializer", "Assessment"),
            ("QuestionDetailSerializer", "Question"),
        )
    },
)
def eager_loading_resolves(on: Probe, name: str, model: str) -> None:
    """Everything that a serializer loads with its rows exists under the name it is asked for by."""
    serializer = on.name(f"{SERIALIZERS}.{name}")

    rows = list(serializer.setup_eager_loading(on.queryset(f"courses.{model}")))

    assert rows, f"the world holds no {model}"


# Each module is loaded in a process of its own, forked from one that has loaded the models and no serializer.
FIRST = """
import importlib, os, sys
from django.apps import apps
from django.conf import settings
apps.populate(settings.INSTALLED_APPS)
for known in [name for name in sys.modules if name.startswith("courses.serializers")]:
    del sys.modules[known]
for name in sys.argv[1:]:
    sys.stdout.flush()
    process = os.fork()
    if not process:
        try:
            importlib.import_module(f"courses.serializers.{name}")
        except BaseException as problem:
            print(f"{name}: {type(problem).__name__}: {problem}")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(process, 0)
print("done")
"""


@finding("SER-04", needs="source", cases={name: {"name": name} for name in MODULES})
def a_module_can_be_the_first_to_be_imported(on: Probe, name: str) -> None:
    """Whichever module of the serializers a fresh interpreter loads first, it loads."""
    present = [module for module in MODULES if module in _modules(on)]
    if name not in present:
        raise NotApplicable(f"there is no module courses.serializers.{name}")
    done = on.once("serializers loaded first", lambda: on.fresh(FIRST, arguments=present))

    assert done.out.endswith("done\n"), done.last_line
    assert [line for line in done.out.splitlines() if line.startswith(f"{name}: ")] == []


def _modules(on: Probe) -> set[str]:
    """The modules and packages right below courses.serializers, by name."""
    paths = (PurePath(file).relative_to(FOLDER) for file in on.files(FOLDER))
    return {path.parts[0].removesuffix(".py") for path in paths} - {"__init__"}


@finding("SER-04", needs="source")
def analytics_does_not_import_core_when_loaded(on: Probe) -> None:
    """Loading the serializers of analytics does not load those of core; only type checkers may."""
    files = [
        file for file in on.files(FOLDER) if file == ANALYTICS or file.startswith(f"{FOLDER}/analytics/")
    ]
    assert files, f"there is no {ANALYTICS}"

    imported = [
        name
        for file in files
        for module, level, what in imported_when_loaded(on.tree(file))
        if f"{(name := f'{imported_from(file, module, level)}.{what}')}.".startswith(f"{SERIALIZERS}.core.")
    ]

    assert imported == []


NOTES = {
    "list": {"operation": "notes.list", "subject": ""},
    "row": {"operation": "notes.retrieve", "subject": "note-private"},
}


@finding("SER-04", needs="http", cases=NOTES)
def a_note_is_shown_with_its_lesson(on: Probe, operation: str, subject: str) -> None:
    """A note holds its lesson as an object with its id and title, in a list as alone."""
    answer = on.send(operation, subject, by="registered")
    assert answer.status == 200
    notes = [answer.json] if subject else rows_of(answer) or []

    lesson = {note["id"]: note["lesson"] for note in notes}[on.key("note-private")]

    assert isinstance(lesson, dict), f"the lesson of a note is {lesson!r}"
    assert {"id", "title"} <= set(lesson)
