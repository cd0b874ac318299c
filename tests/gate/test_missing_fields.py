"""A backend that lacks a field is judged on everything that does not need it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.tests.gate.field_removal import remove_field
from coursegate.tests.gate.gate_process import SAMPLE, run_gate

# One of each sort: in a constraint, in every query, in an ordering, shared by all models, needed to sign in,
# deciding a tier, deciding who teaches, carrying a canary, part of a path, needed by save().
FIELDS = [
    ("Course", "discount_price"),
    ("PublishableMixin", "is_published"),
    ("Category", "sort_order"),
    ("TimeStampedMixin", "created_date"),
    ("CustomUser", "failed_login_attempts"),
    ("Subscription", "end_date"),
    ("CourseInstructor", "is_active"),
    ("Lesson", "video_url"),
    ("SlugMixin", "slug"),
    ("Course", "title"),
]
# Each takes a run of the gate: two with every change, all of them by night.
CASES = [
    pytest.param(model, field, id=f"{model}.{field}", marks=[pytest.mark.exhaustive] if number >= 2 else [])
    for number, (model, field) in enumerate(FIELDS)
]


@pytest.mark.parametrize(("model", "field"), CASES)
def test_missing_field_leaves_the_rest_judged(backend: Path, tmp_path: Path, model: str, field: str) -> None:
    """With one field gone the backend fails, and at least four cells in five still get a verdict of their own."""
    remove_field(backend, model, field)

    run = run_gate(tmp_path, *SAMPLE, target=backend)

    assert run.code == 1, run.output
    assert run.judged_share() >= 0.8, run.output
