"""`courses/serializers/analytics.py`: what it costs to load questions and assessments."""

from __future__ import annotations

from typing import Any

from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.serializers_analytics import SERIALIZERS, questions_with_answers


@finding(
    "SER-02",
    writes=True,
    cases={
        "": {"by": "", "is_old": False},
        "who-teaches": {"by": "owner", "is_old": False},
        "legacy-text": {"by": "", "is_old": True},
    },
)
def questions_cost_the_same_however_many(on: Probe, by: str, is_old: bool) -> None:
    """Loading questions with their answers needs as many queries for six of them as for two, whoever reads them."""
    serializer = on.name(f"{SERIALIZERS}.QuestionSerializer")
    costs = []
    for count in (2, 6):
        rows = questions_with_answers(on, count)
        if is_old:  # as they are stored since before the other column
            on.rows("courses.Answer").filter(question__in=rows).update(answer_text="", text="legacy words")
        context = {"request": request_of(on.row(by))} if by else {}
        with on.queries() as queries:
            shown = serializer(serializer.setup_eager_loading(rows), many=True, context=context).data
        assert len(shown) == count
        assert all(len(question["answers"]) == 3 for question in shown)
        costs.append(len(queries))
        rows.delete()

    assert costs[0] == costs[1], f"two questions cost {costs[0]} queries, six cost {costs[1]}"


@finding("SER-02", writes=True)
def an_assessment_costs_three_queries(on: Probe) -> None:
    """Assessments with their questions and their answers are read by one query each, however many there are."""
    serializer = on.name(f"{SERIALIZERS}.AssessmentSerializer")
    tables = [on.model(f"courses.{name}")._meta.db_table for name in ("Assessment", "Question", "Answer")]
    key, costs = on.key("assessment-registered"), []
    for count in (2, 6):
        rows = questions_with_answers(on, count)
        assessments = serializer.setup_eager_loading(on.queryset("courses.Assessment").filter(pk=key))
        with on.queries() as queries:
            shown = serializer(assessments, many=True, context={"request": request_of(on.row("staff"))}).data
        own = [row for row in shown[0]["questions"] if "Question number" in row["question_text"]]
        assert [len(question["answers"]) for question in own] == [3] * count
        read = [sql for sql in queries if any(f'FROM "{table}"' in sql for table in tables)]
        costs.append((len(read), len(queries)))
        rows.delete()

    assert costs[0] == costs[1], f"two and six questions cost {costs}: queries of these tables, and all"
    assert costs[0][0] <= len(tables), f"{costs[0][0]} queries of {', '.join(tables)}"


@finding("SER-02", writes=True)
def assessments_cost_the_same_however_many(on: Probe) -> None:
    """Loading assessments of different lessons needs as many queries for six as for two, whoever reads them."""
    serializer = on.name(f"{SERIALIZERS}.AssessmentSerializer")
    keys = [_assessment(on, 400 + number) for number in range(6)]
    costs: dict[str, list[int]] = {}
    for by in ("owner", "staff", "registered"):
        for count in (2, 6):
            context = {"request": request_of(on.row(by))}
            rows = serializer.setup_eager_loading(
                on.queryset("courses.Assessment").filter(pk__in=keys[:count])
            )
            with on.queries() as queries:
                shown = serializer(rows, many=True, context=context).data
            assert len(shown) == count
            costs.setdefault(by, []).append(len(queries))

    assert {by: pair for by, pair in costs.items() if pair[0] != pair[1]} == {}, "of two, and of six"


def _assessment(on: Probe, order: int) -> Any:
    """The key of a new assessment, of a lesson of its own, with a question and its answers."""
    lesson = on.model("courses.Lesson")(
        module=on.row("module-open"), title="One more lesson", content="words " * 30, order=order
    )
    lesson.save()
    assessment = on.model("courses.Assessment")(lesson=lesson, title="One more test")
    assessment.save()
    questions_with_answers(on, 1, assessment)
    return assessment.pk
